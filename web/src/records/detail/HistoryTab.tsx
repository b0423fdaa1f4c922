import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useHistory } from '@/api/hooks'
import type { HistoryEntry, ObjectDef, RecordData } from '@/api/types'
import { Avatar } from '@/ui/Avatar'
import { TextSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState } from '@/ui/states'
import { RelativeTime } from '@/ui/values'
import { ChangeLines } from './ChangeLines'
import { TeamChange } from './team/TeamChange'
import { onlyTeam } from './team/words'
import s from './timeline.module.css'

/** The page is how things are done; and of the system itself its name says it already. */
const says = (entry: HistoryEntry) =>
  entry.via !== 'page' && !(entry.via === 'system' && entry.actor === null)

/** Who changed what, from what to what, and by which way; what was before can be brought back. */
export function HistoryTab({ object, record }: { object: ObjectDef; record: RecordData }) {
  const { t } = useTranslation('records')
  const history = useHistory(object.name, record.id)
  if (history.isError && !history.data) {
    return <ErrorState compact error={history.error} onRetry={() => void history.refetch()} />
  }
  if (history.isPending) return <TextSkeleton lines={6} />
  const entries = history.data.pages.flatMap((p) => p.items)
  if (entries.length === 0) return <EmptyState compact title={t('history.empty')} />
  return (
    <div>
      <ol className={s.list}>
        {entries.map((entry) => (
          <li key={entry.seq} className={s.item}>
            <Avatar name={entry.actor?.title ?? t('history.system')} size={24} />
            <div className={s.what}>
              <p className={s.line}>
                <strong>{entry.actor?.title ?? t('history.system')}</strong>{' '}
                <span className={s.quiet}>
                  {onlyTeam(entry) ? <TeamChange entry={entry} /> : t(`history.kind.${entry.kind}`)}
                  {says(entry) && ` · ${t(`history.via.${entry.via}`)}`}
                </span>{' '}
                <RelativeTime value={entry.at} className={s.time} />
              </p>
              <ChangeLines object={object} entry={entry} record={record} />
            </div>
          </li>
        ))}
      </ol>
      {history.hasNextPage && (
        <Button
          block
          type="text"
          loading={history.isFetchingNextPage}
          onClick={() => void history.fetchNextPage()}
        >
          {t('timeline.more')}
        </Button>
      )}
    </div>
  )
}
