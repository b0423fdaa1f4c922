import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import type { Goal, Measure } from '@/api/targets'
import { ListLink } from '@/records/data/nav'
import { compare, portion } from '@/ui/exact'
import { reached } from './figures'
import type { Period } from './period'
import css from './targets.module.css'
import { useAmountText, useMonthWord } from './words'

/** Twelve months of a target side by side: what was to be reached as a frame, what was reached in it. */
export function Months({ goal, measure, period }: { goal: Goal; measure: Measure; period: Period }) {
  const { t } = useTranslation('targets')
  const { workspace } = useCatalogue()
  const word = useMonthWord()
  const text = useAmountText()
  const all = goal.months.flatMap((m) => [m.target, m.actual])
  const most = all.reduce<string>((a, b) => (compare(b, a) > 0 ? (b ?? a) : a), '0')
  return (
    <ol className={css.months} aria-label={t('months')}>
      {goal.months.map((month, i) => {
        const number = i + 1
        const said = t('monthSaid', {
          month: word(number),
          target: text(month.target, measure),
          actual: text(month.actual, measure),
        })
        const done = month.target !== null && compare(month.actual, month.target) >= 0
        const columns = (
          <>
            <span className={css.columns} aria-hidden>
              <span className={css.aim} style={{ height: `${portion(month.target, most)}%` }} />
              <span
                className={`${css.got} ${done ? css.done : ''}`}
                style={{ height: `${portion(month.actual, most)}%` }}
              />
            </span>
            <span className={css.month} aria-hidden>
              {word(number)}
            </span>
            <span className="gx-visually-hidden">{said}</span>
          </>
        )
        const source = reached(measure, goal, { year: period.year, months: [number] }, workspace.currency)
        return (
          <li key={number} title={said} className={period.months.includes(number) ? css.meant : undefined}>
            {compare(month.actual, '0') > 0 ? (
              <ListLink
                object={source.object}
                search={{ filter: source.filter, sort: source.sort }}
                className={css.monthLink}
              >
                {columns}
              </ListLink>
            ) : (
              <span className={css.monthLink}>{columns}</span>
            )}
          </li>
        )
      })}
    </ol>
  )
}
