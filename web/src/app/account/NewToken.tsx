import { App, Form, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCreateToken, useViewer } from '@/api/session'
import { focusStart } from '@/ui/focusStart'
import { problemText } from '@/ui/states'
import { useRoleText } from '../useRoleText'
import { SecretDialog } from './SecretDialog'

interface Values {
  name: string
  days: number
  roles?: string[]
}

/** Asks for name and term, then shows the secret the one time it can be seen. */
export function NewToken({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const create = useCreateToken()
  const viewer = useViewer()
  const roleText = useRoleText()
  const [secret, setSecret] = useState<string>()

  const close = () => {
    setSecret(undefined)
    create.reset()
    form.resetFields()
    onClose()
  }
  const submit = ({ name, days, roles }: Values) =>
    create.mutate(
      { name: name.trim(), days: days || undefined, roles: roles?.length ? roles : undefined },
      {
        onSuccess: (made) => setSecret(made.token),
        onError: (e) => message.error(problemText(e) || t('state.failedText')),
      },
    )

  if (secret !== undefined) {
    return (
      <SecretDialog
        secret={open ? secret : undefined}
        title={t('account.tokenReady')}
        text={t('account.tokenOnce')}
        onClose={close}
      />
    )
  }
  return (
    <Modal
      open={open}
      title={t('account.newToken')}
      afterOpenChange={(shown) => shown && focusStart()}
      onCancel={close}
      onOk={form.submit}
      okText={t('action.create')}
      confirmLoading={create.isPending}
      destroyOnHidden
    >
      <Form
        data-form-start
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={submit}
        initialValues={{ days: 90 }}
      >
        <Form.Item
          name="name"
          label={t('account.tokenName')}
          rules={[{ required: true, whitespace: true, message: t('account.needTokenName') }]}
        >
          <Input placeholder={t('account.tokenNameHint')} />
        </Form.Item>
        <Form.Item name="days" label={t('account.expires')}>
          <Select
            options={[
              ...[30, 90, 365].map((n) => ({ value: n, label: t('account.expiresIn', { count: n }) })),
              { value: 0, label: t('account.never') },
            ]}
          />
        </Form.Item>
        {viewer.roles.length > 1 && (
          <Form.Item name="roles" label={t('account.tokenRoles')} extra={t('account.tokenRolesHint')}>
            <Select
              mode="multiple"
              options={viewer.roles.map((role) => ({ value: role, label: roleText([role]) }))}
            />
          </Form.Item>
        )}
        {/* The dialog's own button stands outside the form; this one makes Enter work. */}
        <button type="submit" hidden />
      </Form>
    </Modal>
  )
}
