import { Button, Segmented } from 'antd'
import dayjs from 'dayjs'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue, useTimeline } from '@/api/hooks'
import type { ObjectDef } from '@/api/types'
import { TextSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState } from '@/ui/states'
import { relativeTime } from '@/ui/time'
import { useLabel } from '@/ui/useLabel'
import { useNow } from '@/ui/useNow'
import { byDays, kindOfEntry, kindsIn } from '../model/timeline'
import { TimelineItem } from './TimelineItem'
import s from './timeline.module.css'

/** What happened with a record, newest first: what people did about it, and what was changed on it. */
export function Timeline({ object, id }: { object: ObjectDef; id: string }) {
  const { t } = useTranslation('records')
  useNow()
  const label = useLabel()
  const { objects } = useCatalogue()
  const timeline = useTimeline(object.name, id)
  const [kind, setKind] = useState('all')
  const entries = useMemo(() => timeline.data?.pages.flatMap((p) => p.items) ?? [], [timeline.data])
  const kinds = useMemo(() => kindsIn(entries), [entries])
  const shown =
    kind === 'all' || !kinds.includes(kind) ? entries : entries.filter((e) => kindOfEntry(e) === kind)

  if (timeline.isError && !timeline.data) {
    return <ErrorState compact error={timeline.error} onRetry={() => void timeline.refetch()} />
  }
  if (timeline.isPending) return <TextSkeleton lines={6} />
  if (entries.length === 0)
    return <EmptyState compact title={t('timeline.empty')} text={t('timeline.emptyText')} />
  return (
    <div>
      {kinds.length > 1 && (
        <div className={s.kinds}>
          <Segmented
            size="small"
            value={kinds.includes(kind) ? kind : 'all'}
            aria-label={t('timeline.filter')}
            options={[
              { value: 'all', label: t('timeline.all') },
              ...kinds.map((k) => ({
                value: k,
                label: k === 'change' ? t('timeline.changes') : label(objects[k]?.label, k),
              })),
            ]}
            onChange={(v) => setKind(String(v))}
          />
        </div>
      )}
      {byDays(shown).map(({ day, entries: list }) => (
        <section key={day} className={s.dayBlock}>
          <h3 className={s.dayTitle} title={dayjs(day).format(t('calendar.dayFormat'))}>
            {relativeTime(day)}
          </h3>
          <ol className={s.list}>
            {list.map((entry) => (
              <TimelineItem
                key={`${entry.kind} ${entry.object} ${entry.id} ${entry.at}`}
                entry={entry}
                home={object}
              />
            ))}
          </ol>
        </section>
      ))}
      {timeline.hasNextPage && (
        <Button
          block
          type="text"
          loading={timeline.isFetchingNextPage}
          onClick={() => void timeline.fetchNextPage()}
        >
          {t('timeline.more')}
        </Button>
      )}
    </div>
  )
}
