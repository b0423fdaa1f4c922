import { BellOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type Notification, type NotificationFilter, useMark, useNotifications } from '@/api/notifications'
import { byDay } from '@/modules/notifications/rows'
import { useOpenNotification } from '@/modules/notifications/useOpen'
import { isComposing } from '@/ui/ime'
import { Bone } from '@/ui/Skeletons'
import { EmptyState, ErrorState, problemText } from '@/ui/states'
import { now, today, wallClock } from '@/ui/time'
import { useNow } from '@/ui/useNow'
import { NotificationRow } from './NotificationRow'
import css from './notifications.module.css'

interface Props {
  filter: NotificationFilter
  name: string
  onlyUnread: boolean
}

/** Reads on when its end comes into sight. */
function useEnd(more: boolean, read: () => void) {
  const end = useRef<HTMLDivElement>(null)
  const latest = useRef(read)
  latest.current = read
  useEffect(() => {
    if (!more || !end.current || !('IntersectionObserver' in window)) return
    const watch = new IntersectionObserver((seen) => seen.some((s) => s.isIntersecting) && latest.current(), {
      rootMargin: '200px',
    })
    watch.observe(end.current)
    return () => watch.disconnect()
  }, [more])
  return end
}

export function NotificationList({ filter, name, onlyUnread }: Props) {
  const { t } = useTranslation('notifications')
  const { t: words } = useTranslation()
  const { message } = App.useApp()
  useNow()
  const list = useNotifications(filter)
  const open = useOpenNotification()
  const mark = useMark()
  const box = useRef<HTMLDivElement>(null)
  const items = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data])
  const { hasNextPage, isFetching, fetchNextPage } = list
  // A page may hold nothing yet (see `weave`), so its coming does not always move the end out of sight.
  const end = useEnd(hasNextPage && !isFetching, () => void fetchNextPage())

  const toggle = (n: Notification) =>
    mark.mutate(
      { ids: [n.id], read: n.read_at === null },
      { onError: (e) => void message.error(problemText(e) || words('state.failedText')) },
    )

  const onKeyDown = (e: KeyboardEvent) => {
    if (isComposing(e) || e.ctrlKey || e.metaKey || e.altKey) return
    const rows = [...(box.current?.querySelectorAll<HTMLElement>('[data-notification]') ?? [])]
    const row = document.activeElement?.closest('li')?.querySelector<HTMLElement>('[data-notification]')
    const at = row ? rows.indexOf(row) : -1
    const go = (to: number) => {
      e.preventDefault()
      rows[Math.max(0, Math.min(rows.length - 1, to))]?.focus()
    }
    const key = e.key.length === 1 ? e.key.toLowerCase() : e.key
    if (key === 'j' || key === 'ArrowDown') go(at + 1)
    else if (key === 'k' || key === 'ArrowUp') go(at - 1)
    else if (key === 'Home') go(0)
    else if (key === 'End') go(rows.length - 1)
    else if (key === 'e') {
      const n = items.find((i) => i.id === row?.dataset.notification)
      if (!n) return
      e.preventDefault()
      toggle(n)
    }
  }

  // The keys work from the moment it is open. Whoever walks through the tabs with the arrows stays there.
  useEffect(() => {
    if (!document.activeElement?.closest('[role="tablist"]')) box.current?.focus({ preventScroll: true })
  }, [])
  // A row that goes (read in another window) leaves the keys to the one that takes its place.
  const place = useRef(-1)
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at whenever the rows are others
  useEffect(() => {
    if (place.current < 0 || (document.activeElement && document.activeElement !== document.body)) return
    const rows = box.current?.querySelectorAll<HTMLElement>('[data-notification]') ?? []
    ;(rows[Math.min(place.current, rows.length - 1)] ?? box.current)?.focus()
  }, [items])

  const base = now()
  const groups = byDay(
    items,
    (at) => wallClock(at).format('YYYY-MM-DD'),
    today(),
    base.subtract(1, 'day').format('YYYY-MM-DD'),
  )
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys move among the buttons inside
    <div
      className={css.list}
      ref={box}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onFocus={(e) => {
        const rows = [...(box.current?.querySelectorAll('li') ?? [])]
        place.current = rows.findIndex((row) => row.contains(e.target))
      }}
    >
      {list.isPending && <Waiting />}
      {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && items.length === 0 && !hasNextPage && (
        <EmptyState
          icon={<BellOutlined aria-hidden />}
          title={t(onlyUnread ? 'empty.unread' : 'empty.all')}
          text={t(onlyUnread ? 'empty.unreadText' : 'empty.allText')}
        />
      )}
      {groups.map(({ day, items: some }) => (
        <section key={day}>
          <h3 className={css.day}>{t(`day.${day}`)}</h3>
          <ul className={css.rows} aria-label={`${name} ${t(`day.${day}`)}`}>
            {some.map((n) => (
              <NotificationRow
                key={n.id}
                notification={n}
                onOpen={() => open(n)}
                onToggle={() => toggle(n)}
              />
            ))}
          </ul>
        </section>
      ))}
      {hasNextPage && (
        <div ref={end} className={css.end}>
          <Button type="text" loading={isFetching} onClick={() => void fetchNextPage()}>
            {t('more')}
          </Button>
        </div>
      )}
      {list.isError && list.data && (
        <ErrorState error={list.error} compact onRetry={() => void list.fetchNextPage()} />
      )}
    </div>
  )
}

function Waiting() {
  const { t } = useTranslation()
  return (
    <div role="status" aria-label={t('state.loading')}>
      {[68, 52, 76, 60, 48].map((width) => (
        <div key={width} className={css.waiting}>
          <Bone width={28} height={28} />
          <div>
            <Bone width={`${width}%`} />
            <Bone width="32%" height={10} />
          </div>
        </div>
      ))}
    </div>
  )
}
