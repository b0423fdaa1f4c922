import { CaretDownOutlined, CaretUpOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { RecordData } from '@/api/types'
import { asRef } from '@/fields'
import { ListLink } from '@/records/data/nav'
import { Avatar } from '@/ui/Avatar'
import { Bone } from '@/ui/Skeletons'
import { Dash } from '@/ui/values'
import { DayBars } from './DayBars'
import { FigureValue } from './FigureValue'
import { DAYS, lastDays, type Sort, type SortKey, turned } from './figures'
import css from './people.module.css'
import type { useFigures } from './useFigures'

interface Props {
  people: RecordData[]
  data: ReturnType<typeof useFigures>
  sort: Sort
  onSort(sort: Sort): void
  onOpen(person: RecordData): void
}

function Head({
  id,
  text,
  sort,
  onSort,
}: {
  id: SortKey
  text: string
  sort: Sort
  onSort(sort: Sort): void
}) {
  const on = sort.key === id
  return (
    <th
      scope="col"
      className={id === 'name' ? undefined : css.number}
      aria-sort={on ? (sort.down ? 'descending' : 'ascending') : undefined}
    >
      <button type="button" className={css.sort} onClick={() => onSort(turned(sort, id))}>
        {text}
        <span className={on ? css.arrow : css.noArrow} aria-hidden>
          {on && !sort.down ? <CaretUpOutlined aria-hidden /> : <CaretDownOutlined aria-hidden />}
        </span>
      </button>
    </th>
  )
}

/** One line for each person; on a phone a card. */
export function PeopleTable({ people, data, sort, onSort, onOpen }: Props) {
  const { t } = useTranslation('people')
  const { questions, figures, perDay, bars, failed } = data
  const most = Math.max(1, ...[...(perDay?.values() ?? [])].flat())
  // The bars belong beside the follow-ups they are made of.
  const afterWeek = questions.findIndex((q) => q.key === 'week')
  const trend = (person: RecordData) => {
    if (!perDay) return failed ? <Dash /> : <Bone width={84} height={20} />
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
    <table className={css.table} aria-label={t('title')}>
      <thead>
        <tr>
          <Head id="name" text={t('name')} sort={sort} onSort={onSort} />
          {questions.map((q, i) => [
            <Head key={q.key} id={q.key} text={t(`figure.${q.key}`)} sort={sort} onSort={onSort} />,
            bars && i === afterWeek && (
              <th key="bars" scope="col">
                {t('bars')}
              </th>
            ),
          ])}
        </tr>
      </thead>
      <tbody>
        {people.map((person) => {
          const name = String(person.name ?? '')
          const place = [asRef(person.department)?.title, asRef(person.position)?.title]
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
                    {place && <span className={css.place}>{place}</span>}
                  </span>
                </span>
              </th>
              {questions.map((q, i) => [
                <td key={q.key} className={css.number} data-label={t(`figure.${q.key}`)}>
                  <FigureValue question={q} person={person.id} column={figures[q.key]} failed={failed} />
                </td>,
                bars && i === afterWeek && (
                  <td key="bars" data-label={t('bars')} className={css.trendCell}>
                    {trend(person)}
                  </td>
                ),
              ])}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
