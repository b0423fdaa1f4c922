import { App, Form, Input, Modal } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useResetWorkspace, type WorkspaceInfo } from '@/api/workspaces'
import { focusStart } from '@/ui/focusStart'
import { Trouble } from '../edit/Trouble'
import css from './workspaces.module.css'

/** Everything in a demo is made anew; whoever means it types its name. */
export function ResetDialog({ workspace, onClose }: { workspace: WorkspaceInfo; onClose(): void }) {
  const { t } = useTranslation('admin')
  const { message } = App.useApp()
  const id = useId()
  const reset = useResetWorkspace()
  const [typed, setTyped] = useState('')
  const { name } = workspace
  const title = workspace.title || name
  const meant = typed.trim() === name
  const run = () => {
    if (!meant || reset.isPending) return
    reset.mutate(workspace, {
      onSuccess: () => {
        message.info(t('workspaces.resetting', { title }))
        onClose()
      },
    })
  }
  return (
    <Modal
      afterOpenChange={(shown) => shown && focusStart()}
      open
      title={t('workspaces.resetAsk', { title })}
      onCancel={onClose}
      onOk={run}
      okText={t('workspaces.reset')}
      okButtonProps={{ danger: true, disabled: !meant }}
      confirmLoading={reset.isPending}
    >
      <Trouble error={reset.error} />
      <p className={css.lead}>{t('workspaces.resetText')}</p>
      <Form data-form-start layout="vertical" onFinish={run}>
        <Form.Item label={t('workspaces.typeName', { name })} htmlFor={id}>
          <Input
            id={id}
            autoFocus
            value={typed}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            onChange={(e) => setTyped(e.target.value)}
          />
        </Form.Item>
        <button type="submit" hidden />
      </Form>
    </Modal>
  )
}
