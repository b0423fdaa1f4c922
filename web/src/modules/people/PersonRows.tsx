import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useAggregate } from '@/api/records'
import type { RecordData } from '@/api/types'
import { asRef } from '@/fields'
import { ListLink } from '@/records/data/nav'
import { Avatar } from '@/ui/Avatar'
import { Bone } from '@/ui/Skeletons'
import { useSeen } from '@/ui/useSeen'
import { Dash } from '@/ui/values'
import { DayBars } from './DayBars'
import { FigureValue } from './FigureValue'
import { barsOf, DAYS, daysSpec, lastDays } from './figures'
import css from './people.module.css'
import type { useFigures } from './useFigures'

interface Props {
  people: RecordData[]
  data: ReturnType<typeof useFigures>
  /** What the highest bar stands for. */
  most: number
  onMost(count: number): void
  onOpen(person: RecordData): void
}

/** Some of the people, and their follow-ups by day once they are in sight. */
export function PersonRows({ people, data, most, onMost, onOpen }: Props) {
  const { t } = useTranslation('people')
  const { questions, figures, days, bars, failed } = data
  const place = useRef<HTMLTableSectionElement>(null)
  const seen = useSeen(place)
  const spec = useMemo(
    () =>
      daysSpec(
        people.map((p) => p.id),
        DAYS,
      ),
    [people],
  )
  const rows = useAggregate('follow_up', spec, { enabled: bars && seen })
  // What was counted for others, in another order, says nothing of these.
  const counted = rows.isPlaceholderData ? undefined : rows.data
  const perDay = useMemo(() => counted && barsOf(counted, days), [counted, days])
  const highest = useMemo(() => Math.max(1, ...[...(perDay?.values() ?? [])].flat()), [perDay])
  const tell = useRef(onMost)
  tell.current = onMost
  useEffect(() => tell.current(highest), [highest])
  const trend = (person: RecordData) => {
    if (!perDay) return rows.isError ? <Dash /> : <Bone width={84} height={20} />
    const counts = perDay.get(person.id) ?? []
    const sum = counts.reduce((a, b) => a + b, 0)
    const text = t('barsOf', { count: sum })
    return sum > 0 ? (
      <ListLink
        object="follow_up"
        search={{ filter: { and: [['owner', '=', person.id], lastDays(DAYS)] }, sort: '-happened_at' }}
        className={css.trend}
      >
        <span className="gx-visually-hidden">{text}</span>
        <span title={text}>
          <DayBars counts={counts} most={most} />
        </span>
      </ListLink>
    ) : (
      <span className={css.zero}>0</span>
    )
  }
  return (
    <tbody ref={place}>
      {people.map((person) => {
        const name = String(person.name ?? '')
        const where = [asRef(person.department)?.title, asRef(person.position)?.title]
          .filter(Boolean)
          .join(' · ')
        return (
          <tr key={person.id}>
            <th scope="row">
              <span className={css.who}>
                <Avatar name={name} size={32} />
                <span className={css.names}>
                  <button type="button" className={css.name} onClick={() => onOpen(person)}>
                    {name}
                  </button>
                  {where && <span className={css.place}>{where}</span>}
                </span>
              </span>
            </th>
            {questions.map((q) => [
              <td key={q.key} className={css.number} data-label={t(`figure.${q.key}`)}>
                <FigureValue question={q} person={person.id} column={figures[q.key]} failed={failed} />
              </td>,
              bars && q.key === 'week' && (
                <td key="bars" data-label={t('bars')} className={css.trendCell}>
                  {trend(person)}
                </td>
              ),
            ])}
          </tr>
        )
      })}
    </tbody>
  )
}
