import { ReloadOutlined } from '@ant-design/icons'
import { App, Button, Segmented, Tooltip } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type Delivery,
  type DeliveryState,
  deliveryStates,
  useDeliveries,
  useRetryDelivery,
} from '@/api/channels'
import { formatNumber } from '@/ui/number'
import { Card } from '@/ui/Page'
import { TextSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, problemText } from '@/ui/states'
import { RelativeTime } from '@/ui/values'
import css from './channels.module.css'

/** What waits to be sent, what could not be, and what has been. */
export function QueueCard() {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const [state, setState] = useState<DeliveryState>('waiting')
  const list = useDeliveries(state)
  const items = list.data?.pages.flatMap((p) => p.items) ?? []
  const counts = list.data?.pages[0]
  const word = (s: DeliveryState) => {
    const count = s === 'sent' ? 0 : (counts?.[s] ?? 0)
    return count > 0
      ? t(`queue.countOf.${s as 'waiting' | 'failed'}`, { shown: formatNumber(count) })
      : t(`queue.stateOf.${s}`)
  }
  return (
    <Card
      title={t('queue.title')}
      extra={
        <Tooltip title={app('action.reload')}>
          <Button
            type="text"
            icon={<ReloadOutlined aria-hidden />}
            aria-label={app('action.reload')}
            loading={list.isFetching && !list.isFetchingNextPage}
            onClick={() => void list.refetch()}
          />
        </Tooltip>
      }
    >
      <Segmented<DeliveryState>
        value={state}
        onChange={setState}
        aria-label={t('queue.filter')}
        className={css.states}
        options={deliveryStates.map((s) => ({ value: s, label: word(s) }))}
      />
      {list.isPending && <TextSkeleton lines={3} />}
      {list.isError && !list.data && (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} compact />
      )}
      {list.data && items.length === 0 && <EmptyState compact title={t(`queue.noneOf.${state}`)} />}
      {items.length > 0 && (
        <ul className={css.list} aria-label={t(`queue.stateOf.${state}`)}>
          {items.map((d) => (
            <DeliveryRow key={d.id} delivery={d} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <div className={css.more}>
          <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('more')}
          </Button>
        </div>
      )}
    </Card>
  )
}

function DeliveryRow({ delivery: d }: { delivery: Delivery }) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const { message } = App.useApp()
  const retry = useRetryDelivery()
  const whom = d.channel === 'robot' ? (d.robot ?? t('queue.goneRobot')) : (d.to ?? t('queue.goneUser'))
  return (
    <li className={css.item}>
      <div className={css.line}>
        <div className={css.what}>
          <span className={css.whom}>{t(`queue.to.${d.channel}`, { name: whom })}</span>
          <span className={css.facts}>
            {d.state === 'sent' && d.sent_at ? (
              <span>
                {t('queue.sentAt')} <RelativeTime value={d.sent_at} />
              </span>
            ) : (
              <span>
                {t('queue.madeAt')} <RelativeTime value={d.created_at} />
              </span>
            )}
            {d.attempts > 0 && <span>{t('queue.attempts', { count: d.attempts })}</span>}
            {d.state === 'waiting' && (
              <span>
                {t('queue.next')} <RelativeTime value={d.due_at} />
              </span>
            )}
          </span>
          {d.error && <span className={css.error}>{d.error}</span>}
        </div>
        {d.state === 'failed' && (
          <Button
            size="small"
            loading={retry.isPending}
            aria-label={t('queue.retryFor', { name: whom })}
            onClick={() =>
              retry.mutate(d.id, {
                onSuccess: () => void message.success(t('queue.retried')),
                onError: (e) => void message.error(problemText(e) || app('state.failedText')),
              })
            }
          >
            {t('queue.retry')}
          </Button>
        )}
      </div>
    </li>
  )
}
