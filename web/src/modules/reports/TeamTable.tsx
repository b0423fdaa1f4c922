import type { UseQueryResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { TeamRow, WorkTeam } from '@/api/work'
import { Person } from '@/ui/Avatar'
import { Chip } from '@/ui/Chip'
import { formatNumber } from '@/ui/number'
import { Card } from '@/ui/Page'
import { RecordLink } from '@/ui/RecordLink'
import { ListSkeleton } from '@/ui/Skeletons'
import { ErrorState } from '@/ui/states'
import { Dash, RelativeTime } from '@/ui/values'
import { useCountWord } from './Counts'
import css from './reports.module.css'

/** Those first who owe a report, then those who did less than is expected. */
const rank = (row: TeamRow) => (row.expected && !row.report ? 0 : row.short ? 1 : row.expected ? 2 : 3)

/** Who has reported, and how much everybody did. */
export function TeamTable({ team }: { team: UseQueryResult<WorkTeam> }) {
  const { t } = useTranslation('work')
  const word = useCountWord()
  if (team.isError && !team.data) return <ErrorState error={team.error} onRetry={() => void team.refetch()} />
  if (!team.data) return <ListSkeleton rows={8} columns={6} />
  const rows = [...team.data.rows].sort((a, b) => rank(a) - rank(b))
  // What nobody did and nobody has to do says nothing.
  const known = [...new Set(rows.flatMap((row) => Object.keys(row.counts)))]
  const names = known.filter((name) =>
    rows.some((row) => (row.counts[name]?.count ?? 0) > 0 || row.counts[name]?.least != null),
  )
  const expected = rows.filter((row) => row.expected)
  const missing = expected.filter((row) => !row.report).length
  const short = expected.filter((row) => row.short).length
  return (
    <Card
      title={t('team.title')}
      extra={t('team.sum', {
        expected: formatNumber(expected.length),
        missing: formatNumber(missing),
        short: formatNumber(short),
      })}
      flush
    >
      <div className={css.scroll} aria-busy={team.isPlaceholderData}>
        <table className={css.table} aria-label={t('team.title')}>
          <thead>
            <tr>
              <th scope="col">{t('team.who')}</th>
              <th scope="col">{t('team.report')}</th>
              {names.map((name) => (
                <th key={name} scope="col" className={css.number}>
                  {word(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.who.id}>
                <th scope="row">
                  <Person who={row.who} size={24} />
                </th>
                <td>
                  <State row={row} />
                </td>
                {names.map((name) => {
                  const counted = row.counts[name]
                  if (!counted) {
                    return (
                      <td key={name} className={css.number} title={t('team.unknown')}>
                        <Dash />
                      </td>
                    )
                  }
                  const { count, least } = counted
                  const under = least !== null && count < least
                  return (
                    <td key={name} className={under ? css.short : css.number}>
                      {formatNumber(count)}
                      {least !== null && <span className={css.least}> / {formatNumber(least)}</span>}
                      {under && <span className="gx-visually-hidden"> {t('team.under')}</span>}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  )
}

function State({ row }: { row: TeamRow }) {
  const { t } = useTranslation('work')
  if (row.report) {
    return (
      <span className={css.state}>
        <RecordLink object="work_report" id={row.report} className={css.reportDay}>
          {t('team.read')}
        </RecordLink>
        {row.late && <Chip color="orange">{t('late')}</Chip>}
        {row.sent_at && <RelativeTime value={row.sent_at} className={css.reportTime} />}
      </span>
    )
  }
  return row.expected ? <Chip color="red">{t('team.missing')}</Chip> : <span>{t('team.free')}</span>
}
