import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Enrolment } from '@/api/signIn'
import { TotpEnrolment } from '@/ui/TotpEnrolment'
import css from './sign-in.module.css'

interface Props {
  login: string
  /** Where an app has to be set up first. */
  enrolment?: Enrolment
  busy: boolean
  onSubmit(code: string): void
  onBack(): void
}

/** The password was right; now the code of the app. */
export function CodeStep({ login, enrolment, busy, onSubmit, onBack }: Props) {
  const { t } = useTranslation()
  return (
    <>
      <h1 className={css.title}>{t(enrolment ? 'signIn.enrol' : 'signIn.code')}</h1>
      <p className={css.text}>{enrolment ? t('signIn.enrolText') : t('signIn.codeText', { login })}</p>
      {enrolment && <TotpEnrolment {...enrolment} />}
      <Form
        layout="vertical"
        requiredMark={false}
        disabled={busy}
        onFinish={({ code }: { code: string }) => onSubmit(code.trim())}
      >
        <Form.Item
          name="code"
          label={t(enrolment ? 'totp.code' : 'totp.codeOrRecovery')}
          rules={[{ required: true, whitespace: true, message: t('totp.needCode') }]}
        >
          <Input
            size="large"
            autoFocus
            autoComplete="one-time-code"
            inputMode={enrolment ? 'numeric' : undefined}
            autoCapitalize="none"
            spellCheck={false}
          />
        </Form.Item>
        <Button block type="primary" size="large" htmlType="submit" loading={busy}>
          {t('signIn.submit')}
        </Button>
      </Form>
      <Button block type="link" className={css.back} onClick={onBack}>
        {t('signIn.back')}
      </Button>
    </>
  )
}
