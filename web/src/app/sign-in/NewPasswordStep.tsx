import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { PasswordRules } from '@/api/signIn'
import { passwordHint, passwordRules, repeatRule } from '../password'
import css from './sign-in.module.css'

interface Props {
  login: string
  rules: PasswordRules
  busy: boolean
  /** What the server found wrong with the last one. */
  trouble?: string
  onSubmit(password: string): void
  onBack(): void
}

/** The password was right, and too old: a new one, and one is in. */
export function NewPasswordStep({ login, rules, busy, trouble, onSubmit, onBack }: Props) {
  const { t } = useTranslation()
  return (
    <>
      <h1 className={css.title}>{t('signIn.expiredPassword')}</h1>
      <p className={css.text}>{t('signIn.expiredPasswordText', { login })}</p>
      <Form
        layout="vertical"
        requiredMark={false}
        disabled={busy}
        onFinish={({ password }: { password: string }) => onSubmit(password)}
      >
        <input type="text" autoComplete="username" value={login} hidden readOnly />
        <Form.Item
          name="password"
          label={t('account.new')}
          extra={passwordHint(t, rules)}
          rules={passwordRules(t, rules)}
          {...(trouble && { validateStatus: 'error' as const, help: trouble })}
        >
          <Input.Password size="large" autoFocus autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="repeat"
          label={t('account.repeat')}
          dependencies={['password']}
          rules={[repeatRule(t, 'password')]}
        >
          <Input.Password size="large" autoComplete="new-password" />
        </Form.Item>
        <Button block type="primary" size="large" htmlType="submit" loading={busy}>
          {t('signIn.setAndGo')}
        </Button>
      </Form>
      <Button block type="link" className={css.back} onClick={onBack}>
        {t('signIn.back')}
      </Button>
    </>
  )
}
