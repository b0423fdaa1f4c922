import { Alert, App, Button, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { copyText } from '@/ui/copy'
import css from './account.module.css'

interface Props {
  /** Open while there is one. */
  secret: string | undefined
  title: string
  text: string
  onClose(): void
}

/** Shows a secret the one time it can be seen. */
export function SecretDialog({ secret, title, text, onClose }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  // Put away, nothing of it stays in the page.
  if (secret === undefined) return null
  return (
    <Modal
      open
      title={title}
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
      <Alert type="warning" showIcon title={text} />
      <div className={css.secret}>
        <code>{secret}</code>
        <Button
          onClick={async () => {
            if (await copyText(secret)) message.success(t('action.copied'))
          }}
        >
          {t('action.copy')}
        </Button>
      </div>
    </Modal>
  )
}
