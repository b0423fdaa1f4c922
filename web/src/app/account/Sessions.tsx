import { App, Button, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { useEndSession, useSessions } from '@/api/session'
import type { OpenSession } from '@/api/types'
import { Card } from '@/ui/Page'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState, problemText } from '@/ui/states'
import { RelativeTime } from '@/ui/values'
import css from './account.module.css'
import { agentText } from './agent'

function Row({ session }: { session: OpenSession }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const end = useEndSession()
  return (
    <li className={css.token}>
      <div>
        <div className={css.tokenName}>{agentText(session.agent) || t('account.otherBrowser')}</div>
        <div className={css.tokenFacts}>
          <span>
            {t('account.signedIn')} <RelativeTime value={session.created_at} />
          </span>
          {session.address !== '' && <span>{session.address}</span>}
        </div>
      </div>
      {session.current ? (
        <span className={css.tokenFacts}>{t('account.thisBrowser')}</span>
      ) : (
        <Popconfirm
          title={t('account.endSessionAsk')}
          okText={t('account.endSession')}
          okButtonProps={{ danger: true }}
          placement="topRight"
          onConfirm={() =>
            end.mutateAsync(session.id).then(
              () => void message.success(t('account.sessionEnded')),
              (e: unknown) => void message.error(problemText(e) || t('state.failedText')),
            )
          }
        >
          <Button danger type="text" size="small">
            {t('account.endSession')}
          </Button>
        </Popconfirm>
      )}
    </li>
  )
}

export function Sessions() {
  const { t } = useTranslation()
  const sessions = useSessions()
  return (
    <Card title={t('account.sessions')}>
      <p className={css.lead}>{t('account.sessionsText')}</p>
      {sessions.isPending && <TextSkeleton lines={2} />}
      {sessions.isError && (
        <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} compact />
      )}
      {sessions.data && (
        <ul className={css.tokens}>
          {sessions.data.map((session) => (
            <Row key={session.id} session={session} />
          ))}
        </ul>
      )}
    </Card>
  )
}
