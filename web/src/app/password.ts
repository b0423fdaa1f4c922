import type { Rule } from 'antd/es/form'
import type { TFunction } from 'i18next'

/** Only saves a round trip; the server decides what is good enough. */
export const passwordMin = 8

export const passwordRules = (t: TFunction<'app'>): Rule[] => [
  { required: true, min: passwordMin, message: t('password.short', { count: passwordMin }) },
]

export const repeatRule =
  (t: TFunction<'app'>, other: string): Rule =>
  ({ getFieldValue }) => ({
    validator: (_, value) =>
      value && value === getFieldValue(other)
        ? Promise.resolve()
        : Promise.reject(new Error(t('password.differs'))),
  })
