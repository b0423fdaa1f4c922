import type { Rule } from 'antd/es/form'
import type { TFunction } from 'i18next'
import type { PasswordRules } from '@/api/signIn'

/** What is demanded, in a sentence or two. */
export function passwordHint(t: TFunction<'app'>, rules: PasswordRules): string {
  const parts = [t('password.hint', { count: rules.min_length })]
  if (rules.kinds !== 'any') parts.push(t(`password.kinds.${rules.kinds}`))
  if (rules.history > 0) parts.push(t('password.history', { count: rules.history }))
  return parts.join(' ')
}

/** Only saves a round trip; the server decides what is good enough. */
export const passwordRules = (t: TFunction<'app'>, rules: PasswordRules): Rule[] => [
  { required: true, min: rules.min_length, message: t('password.short', { count: rules.min_length }) },
]

export const repeatRule =
  (t: TFunction<'app'>, other: string): Rule =>
  ({ getFieldValue }) => ({
    validator: (_, value) =>
      value && value === getFieldValue(other)
        ? Promise.resolve()
        : Promise.reject(new Error(t('password.differs'))),
  })
