import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useRecords } from '@/api/records'
import type { FilterExpr, ObjectDef } from '@/api/types'
import { formatNumber } from '@/ui/number'
import { problemText } from '@/ui/states'
import { midSentence, useLabel } from '@/ui/useLabel'
import { useSettled } from '@/ui/useSettled'
import css from './criteria.module.css'

/** How many records a filter matches right now, and the way to them. `filter` as JSON text, so that it is the same when it says the same. */
export function MatchCount({ object, filter }: { object: ObjectDef; filter: string }) {
  const { t } = useTranslation('admin')
  const label = useLabel()
  const settled = useSettled(filter)
  const expr = settled === '' ? undefined : (JSON.parse(settled) as FilterExpr)
  const list = useRecords(
    object.name,
    { filter: expr, fields: [object.title], limit: 1, count: true },
    { enabled: expr !== undefined, keepPrevious: false },
  )
  const objects = midSentence(label(object.plural))
  const total = list.data?.pages[0]?.total
  return (
    <p className={css.match} role="status">
      {expr === undefined || filter === '' ? (
        t('sharing.noCriteria')
      ) : list.isError ? (
        <span className={css.trouble}>{problemText(list.error) || t('sharing.countFailed')}</span>
      ) : total === undefined || settled !== filter ? (
        t('sharing.counting')
      ) : (
        <>
          {t('sharing.matches', { count: total, shown: formatNumber(total), objects })}{' '}
          {total > 0 && (
            <Link to="/o/$object" params={{ object: object.name }} search={{ filter: expr }}>
              {t('sharing.show')}
            </Link>
          )}
        </>
      )}
    </p>
  )
}
