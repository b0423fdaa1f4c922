import { CalendarOutlined, MobileOutlined } from '@ant-design/icons'
import { App, Button, Checkbox, Popconfirm } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type CalendarFeed,
  useCalendarFeed,
  useChangeFeed,
  useRemoveFeed,
  useRenewFeed,
} from '@/api/calendar'
import { useViewer } from '@/api/session'
import { copyText } from '@/ui/copy'
import { Card } from '@/ui/Page'
import { TextSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, problemText } from '@/ui/states'
import { RelativeTime } from '@/ui/values'
import css from './account.module.css'
import { NewToken } from './NewToken'
import { SecretDialog } from './SecretDialog'

/** The programs whose few steps are told, in the order in which people ask for them. */
const programs = ['ios', 'android', 'thunderbird', 'outlook'] as const

export function CalendarSettings() {
  return (
    <>
      <Feed />
      <Programs />
    </>
  )
}

function Feed() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const feed = useCalendarFeed()
  const renew = useRenewFeed()
  const [address, setAddress] = useState<string>()
  const failed = (e: unknown) => void message.error(problemText(e) || t('state.failedText'))
  const make = (whole: boolean) => renew.mutateAsync(whole).then((made) => setAddress(made.address), failed)
  return (
    <Card title={t('calendar.feed')}>
      <p className={css.lead}>{t('calendar.feedText')}</p>
      {feed.isPending && <TextSkeleton lines={2} />}
      {feed.isError && <ErrorState error={feed.error} onRetry={() => void feed.refetch()} compact />}
      {feed.data && !feed.data.created_at && (
        <EmptyState
          icon={<CalendarOutlined aria-hidden />}
          title={t('calendar.noFeed')}
          text={t('calendar.noFeedText')}
          actions={
            <Button type="primary" loading={renew.isPending} onClick={() => void make(false)}>
              {t('calendar.make')}
            </Button>
          }
        />
      )}
      {feed.data?.created_at && (
        <Made feed={feed.data} failed={failed} renewing={renew.isPending} renew={make} />
      )}
      <SecretDialog
        secret={address}
        title={t('calendar.ready')}
        text={t('calendar.once')}
        onClose={() => setAddress(undefined)}
      />
    </Card>
  )
}

function Made({
  feed,
  failed,
  renewing,
  renew,
}: {
  feed: CalendarFeed
  failed(e: unknown): void
  renewing: boolean
  renew(whole: boolean): Promise<void>
}) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const change = useChangeFeed()
  const remove = useRemoveFeed()
  return (
    <div className={css.feed}>
      <span>
        {t('calendar.since')} <RelativeTime value={feed.created_at ?? ''} />
      </span>
      <Checkbox
        checked={feed.whole}
        disabled={change.isPending}
        onChange={(e) => change.mutate(e.target.checked, { onError: failed })}
      >
        {t('calendar.withTasks')}
      </Checkbox>
      <div className={css.feedActions}>
        <Popconfirm
          title={t('calendar.renewAsk')}
          description={t('calendar.renewText')}
          okText={t('calendar.renew')}
          onConfirm={() => renew(feed.whole)}
        >
          <Button loading={renewing}>{t('calendar.renew')}</Button>
        </Popconfirm>
        <Popconfirm
          title={t('calendar.removeAsk')}
          description={t('calendar.removeText')}
          okText={t('calendar.remove')}
          okButtonProps={{ danger: true }}
          onConfirm={() =>
            remove.mutateAsync().then(() => void message.success(t('calendar.removed')), failed)
          }
        >
          <Button danger type="text">
            {t('calendar.remove')}
          </Button>
        </Popconfirm>
      </div>
    </div>
  )
}

function Programs() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const viewer = useViewer()
  const [making, setMaking] = useState(false)
  const server = `${window.location.origin}/dav/`
  return (
    <Card
      title={t('calendar.sync')}
      extra={
        <Button icon={<MobileOutlined aria-hidden />} onClick={() => setMaking(true)}>
          {t('calendar.newToken')}
        </Button>
      }
    >
      <p className={css.lead}>{t('calendar.syncText')}</p>
      <dl className={css.facts}>
        <dt>{t('calendar.server')}</dt>
        <dd>
          <code>{server}</code>{' '}
          <Button
            type="link"
            size="small"
            onClick={async () => {
              if (await copyText(server)) message.success(t('action.copied'))
            }}
          >
            {t('action.copy')}
          </Button>
        </dd>
        <dt>{t('calendar.user')}</dt>
        <dd>{viewer.login}</dd>
        <dt>{t('calendar.password')}</dt>
        <dd>{t('calendar.passwordText')}</dd>
      </dl>
      <dl className={css.programs}>
        {programs.map((program) => (
          <div key={program}>
            <dt>{t(`calendar.programs.${program}.name`)}</dt>
            <dd>{t(`calendar.programs.${program}.steps`)}</dd>
          </div>
        ))}
      </dl>
      <NewToken open={making} onClose={() => setMaking(false)} />
    </Card>
  )
}
