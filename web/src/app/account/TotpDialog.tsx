import { Alert, App, Button, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiError } from '@/api/client'
import { useViewer } from '@/api/session'
import { type Enrolment, useBeginTotp, useTotpVerb } from '@/api/signIn'
import { focusStart } from '@/ui/focusStart'
import { problemText } from '@/ui/states'
import { RecoveryCodes, TotpEnrolment } from '@/ui/TotpEnrolment'

export type TotpTask = 'enrol' | 'recovery-codes' | 'disable'

interface Values {
  password: string
  code: string
}

/** Every step proves first who is at the keyboard; recovery codes are shown at the end, once. */
export function TotpDialog({ task, onClose }: { task: TotpTask; onClose(): void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const viewer = useViewer()
  const [form] = Form.useForm<Values>()
  const begin = useBeginTotp()
  const verb = useTotpVerb(task === 'enrol' ? 'confirm' : task)
  const [enrolment, setEnrolment] = useState<Enrolment>()
  const [codes, setCodes] = useState<string[]>()

  const failed = (e: ApiError) => {
    const errors = e.problem.errors ?? []
    form.setFields(errors.map((one) => ({ name: one.field as keyof Values, errors: [one.message] })))
    if (errors.length === 0) message.error(problemText(e) || t('state.failedText'))
  }
  const submit = (values: Values) => {
    if (task === 'enrol' && !enrolment) {
      begin.mutate({ password: values.password }, { onSuccess: setEnrolment, onError: failed })
      return
    }
    verb.mutate(values, {
      onError: failed,
      onSuccess: (answer) => {
        if (answer) setCodes(answer.recovery_codes)
        else {
          message.success(t('totp.turnedOff'))
          onClose()
        }
      },
    })
  }

  if (codes) {
    return (
      <Modal
        afterOpenChange={(shown) => shown && focusStart()}
        open
        title={t('totp.codes')}
        closable={false}
        // One click beside the dialog must not throw away what can never be shown again.
        mask={{ closable: false }}
        keyboard={false}
        footer={
          <Button type="primary" onClick={onClose}>
            {t('account.done')}
          </Button>
        }
      >
        <Alert type="warning" showIcon title={t('totp.codesOnce')} />
        <RecoveryCodes codes={codes} />
      </Modal>
    )
  }
  const asksPassword = !enrolment
  const asksCode = enrolment !== undefined || task !== 'enrol'
  return (
    <Modal
      open
      title={t(task === 'enrol' ? 'totp.turnOn' : task === 'disable' ? 'totp.title' : 'totp.renew')}
      onCancel={onClose}
      onOk={form.submit}
      okText={t(
        task === 'enrol'
          ? enrolment
            ? 'totp.confirm'
            : 'totp.next'
          : task === 'disable'
            ? 'totp.turnOff'
            : 'totp.renew',
      )}
      okButtonProps={{ danger: task === 'disable' }}
      confirmLoading={begin.isPending || verb.isPending}
    >
      {task === 'recovery-codes' && <p>{t('totp.renewText')}</p>}
      {enrolment && <TotpEnrolment {...enrolment} />}
      <Form data-form-start form={form} layout="vertical" requiredMark={false} onFinish={submit}>
        <input type="text" autoComplete="username" value={viewer.login} hidden readOnly />
        {asksPassword && (
          <Form.Item
            name="password"
            label={t('account.current')}
            rules={[{ required: true, message: t('signIn.needPassword') }]}
          >
            <Input.Password autoComplete="current-password" />
          </Form.Item>
        )}
        {asksCode && (
          <Form.Item
            name="code"
            label={t(task === 'enrol' ? 'totp.code' : 'totp.codeOrRecovery')}
            rules={[{ required: true, whitespace: true, message: t('totp.needCode') }]}
          >
            <Input autoComplete="one-time-code" spellCheck={false} />
          </Form.Item>
        )}
        {/* The dialog's own button stands outside the form; this one makes Enter work. */}
        <button type="submit" hidden />
      </Form>
    </Modal>
  )
}
