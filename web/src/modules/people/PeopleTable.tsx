import { CaretDownOutlined, CaretUpOutlined } from '@ant-design/icons'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecordData } from '@/api/types'
import { type Sort, type SortKey, turned } from './figures'
import { PersonRows } from './PersonRows'
import css from './people.module.css'
import type { useFigures } from './useFigures'

/** Bars are asked for so many people at a time, as they come in sight. */
const AT_A_TIME = 25

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
  const { questions, bars } = data
  // The highest bar of all who have been in sight, so that people can be compared.
  const [most, setMost] = useState(1)
  const slices = Array.from({ length: Math.ceil(people.length / AT_A_TIME) }, (_, i) =>
    people.slice(i * AT_A_TIME, (i + 1) * AT_A_TIME),
  )
  return (
    <table className={css.table} aria-label={t('title')}>
      <thead>
        <tr>
          <Head id="name" text={t('name')} sort={sort} onSort={onSort} />
          {questions.map((q) => [
            <Head key={q.key} id={q.key} text={t(`figure.${q.key}`)} sort={sort} onSort={onSort} />,
            bars && q.key === 'week' && (
              <th key="bars" scope="col">
                {t('bars')}
              </th>
            ),
          ])}
        </tr>
      </thead>
      {slices.map((slice, i) => (
        <PersonRows
          // biome-ignore lint/suspicious/noArrayIndexKey: whoever stands there, it is that part of the table
          key={i}
          people={slice}
          data={data}
          most={most}
          onMost={(count) => setMost((known) => Math.max(known, count))}
          onOpen={onOpen}
        />
      ))}
    </table>
  )
}
