import { App, Form, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAct } from '@/api/mutations'
import { usePasswordRules } from '@/api/signIn'
import type { RecordData } from '@/api/types'
import { focusStart } from '@/ui/focusStart'
import { Trouble } from './edit/Trouble'
import { PasswordInput, strongEnough } from './PasswordInput'

export function PasswordDialog({ user, onClose }: { user: RecordData; onClose(): void }) {
  const { t } = useTranslation('admin')
  const rules = usePasswordRules()
  const { message } = App.useApp()
  const act = useAct('user')
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const weak = tried && !strongEnough(password, rules)
  const trouble = act.error?.forField('password')

  const save = () => {
    setTried(true)
    if (!strongEnough(password, rules)) return
    act.mutate(
      { id: user.id, action: 'set_password', input: { password }, quiet: true },
      {
        onSuccess: () => {
          message.success(t('password.set', { name: String(user.name ?? '') }))
          onClose()
        },
      },
    )
  }

  return (
    <Modal
      afterOpenChange={(shown) => shown && focusStart()}
      open
      title={t('password.title', { name: String(user.name ?? '') })}
      onCancel={onClose}
      onOk={save}
      okText={t('users.setPassword')}
      confirmLoading={act.isPending}
    >
      <Trouble error={trouble ? null : act.error} />
      <Form data-form-start layout="vertical" onFinish={save}>
        <PasswordInput
          value={password}
          onChange={setPassword}
          label={t('password.new')}
          weak={weak}
          trouble={trouble}
          autoFocus
        />
        <button type="submit" hidden />
      </Form>
    </Modal>
  )
}
