import { Alert, App, Button, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { type Setup, setupLink, type WorkspaceInfo } from '@/api/workspaces'
import { copyText } from '@/ui/copy'
import css from './workspaces.module.css'

interface Props {
  workspace: WorkspaceInfo
  setup: Setup
  onClose(): void
}

/** The way in for the first administrator. It cannot be shown again. */
export function SetupLinkDialog({ workspace, setup, onClose }: Props) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const { message } = App.useApp()
  const link = setupLink(workspace, setup)
  return (
    <Modal
      open
      title={t('workspaces.setupTitle', { title: workspace.title || workspace.name })}
      closable={false}
      // One click beside the dialog must not throw away what can never be shown again.
      mask={{ closable: false }}
      keyboard={false}
      footer={
        <Button type="primary" onClick={onClose}>
          {app('account.done')}
        </Button>
      }
    >
      <Alert type="warning" showIcon title={t('workspaces.setupOnce')} />
      <p className={css.lead}>{t('workspaces.setupText', { login: setup.login })}</p>
      <div className={css.secret}>
        <code>{link}</code>
        <Button
          autoFocus
          onClick={async () => {
            if (await copyText(link)) message.success(app('action.copied'))
          }}
        >
          {app('action.copy')}
        </Button>
      </div>
    </Modal>
  )
}
