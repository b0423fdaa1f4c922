import { useTranslation } from 'react-i18next'
import type { RecordData } from '@/api/types'
import { Chip } from '@/ui/Chip'
import { fullTime } from '@/ui/time'
import { daysToRecycling, soonKey } from './soon'

/** Beside a name in a list: the record goes back to its pool within the week. */
export function RecycleBadge({ record, className }: { record: RecordData; className?: string }) {
  const { t } = useTranslation('pools')
  const days = daysToRecycling(record.recycle_at)
  if (days === undefined) return null
  return (
    <span className={className} title={t('badge.title', { at: fullTime(String(record.recycle_at)) })}>
      <Chip color="orange">{t(`badge.${soonKey(days)}`, { count: days })}</Chip>
    </span>
  )
}
