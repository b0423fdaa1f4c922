import { App, Button, Form, Input, Space } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { type PasswordRules, usePasswordRules } from '@/api/signIn'
import { copyText } from '@/ui/copy'

/** Long enough, that is; the server knows the rest of what the workspace demands. */
export const strongEnough = (password: string, rules: PasswordRules) => password.length >= rules.min_length

// Without signs that are mistaken for one another when a password is read over the phone.
const signs = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
function generated(length: number): string {
  const max = 256 - (256 % signs.length)
  let out = ''
  while (out.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length * 2))) {
      // Bytes beyond the last full round would make some signs likelier than others.
      if (byte < max && out.length < length) out += signs[byte % signs.length]
    }
  }
  // Whatever kinds of signs are demanded, these have them.
  return /[a-z]/.test(out) && /[A-Z]/.test(out) && /[0-9]/.test(out) ? out : generated(length)
}

interface Props {
  value: string
  onChange(password: string): void
  label: string
  weak?: boolean
  trouble?: string
  autoFocus?: boolean
}

export function PasswordInput({ value, onChange, label, weak, trouble, autoFocus }: Props) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const { message } = App.useApp()
  const id = useId()
  const rules = usePasswordRules()
  const help = trouble ?? (weak ? app('password.short', { count: rules.min_length }) : undefined)
  return (
    <Form.Item
      label={label}
      htmlFor={id}
      extra={`${app('password.short', { count: rules.min_length })}${t('stop')} ${t('password.hint')}`}
      validateStatus={help ? 'error' : undefined}
      help={help}
    >
      <Space.Compact block>
        <Input.Password
          id={id}
          value={value}
          onChange={(e) => onChange(e.target.value)}
          autoComplete="new-password"
          autoFocus={autoFocus}
          status={help ? 'error' : undefined}
        />
        <Button
          onClick={async () => {
            const made = generated(Math.max(14, rules.min_length))
            onChange(made)
            if (await copyText(made)) message.success(t('password.copied'))
          }}
        >
          {t('password.generate')}
        </Button>
      </Space.Compact>
    </Form.Item>
  )
}
