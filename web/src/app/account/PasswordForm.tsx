import { App, Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { isApiError } from '@/api/client'
import { useChangePassword, useViewer } from '@/api/session'
import { usePasswordRules } from '@/api/signIn'
import { problemText } from '@/ui/states'
import { passwordHint, passwordRules, repeatRule } from '../password'
import css from './account.module.css'

interface Values {
  current: string
  next: string
  repeat: string
}

export function PasswordForm() {
  const { t } = useTranslation()
  const demanded = usePasswordRules()
  const { message } = App.useApp()
  const viewer = useViewer()
  const change = useChangePassword()
  const [form] = Form.useForm<Values>()

  const submit = ({ current, next }: Values) =>
    change.mutate(
      { current, new: next },
      {
        onSuccess: () => {
          form.resetFields()
          message.success(t('account.changed'))
        },
        onError: (e) => {
          const at = (name: 'current' | 'new') => (isApiError(e) ? e.forField(name) : undefined)
          const [mine, fresh] = [at('current'), at('new')]
          if (mine || fresh) {
            form.setFields([
              { name: 'current', errors: mine ? [mine] : [] },
              { name: 'next', errors: fresh ? [fresh] : [] },
            ])
          } else if (isApiError(e, 'invalid_credentials')) {
            form.setFields([{ name: 'current', errors: [t('account.wrongCurrent')] }])
          } else message.error(problemText(e) || t('state.failedText'))
        },
      },
    )

  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={submit} className={css.form}>
      <input type="text" autoComplete="username" value={viewer.login} hidden readOnly />
      <Form.Item
        name="current"
        label={t('account.current')}
        rules={[{ required: true, message: t('signIn.needPassword') }]}
      >
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Form.Item
        name="next"
        label={t('account.new')}
        extra={passwordHint(t, demanded)}
        rules={passwordRules(t, demanded)}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="repeat"
        label={t('account.repeat')}
        dependencies={['next']}
        rules={[repeatRule(t, 'next')]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Button htmlType="submit" loading={change.isPending}>
        {t('account.change')}
      </Button>
    </Form>
  )
}
