import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import type { Forecast } from '@/api/targets'
import type { Period } from '@/modules/targets/period'
import { useAmountText, useMonthWord } from '@/modules/targets/words'
import { ListLink } from '@/records/data/nav'
import { compare, plus, portion } from '@/ui/exact'
import { Card } from '@/ui/Page'
import { behind, stack } from './figures'
import css from './forecast.module.css'

/** What comes in month by month, the surest at the bottom. */
export function ByMonth({ data, period }: { data: Forecast; period: Period }) {
  const { t } = useTranslation('forecast')
  const word = useMonthWord()
  const text = useAmountText()
  const months = period.months.map((month) => {
    const name = `${period.year}-${String(month).padStart(2, '0')}`
    const sums = data.months.find((m) => m.month === name)
    return { month, name, sums, all: sums ? plus(...stack.map((part) => sums[part])) : '0' }
  })
  const most = months.reduce((a, m) => (compare(m.all, a) > 0 ? m.all : a), '0')
  return (
    <Card title={t('byMonth')} extra={<Legend />}>
      <ol
        className={`${css.months} ${months.length > 6 ? css.crowded : ''}`}
        style={{ gridTemplateColumns: `repeat(${months.length}, minmax(0, 1fr))` }}
      >
        {months.map(({ month, name, sums, all }) => {
          const from = `${name}-01`
          const after = dayjs(from).add(1, 'month').format('YYYY-MM-DD')
          const said = sums
            ? t('monthSaid', {
                month: word(month),
                parts: stack
                  .map((part) =>
                    t('partSaid', { part: t(`part.${part}`), amount: text(sums[part], 'won_amount', true) }),
                  )
                  .join(t('comma')),
              })
            : t('monthNone', { month: word(month) })
          const column = (
            <>
              <span className={css.column} aria-hidden>
                {sums &&
                  stack.map((part) => (
                    <span
                      key={part}
                      className={css[part]}
                      style={{ height: `${portion(sums[part], most)}%` }}
                    />
                  ))}
                <span className={css.total}>{compare(all, '0') > 0 && text(all, 'won_amount', true)}</span>
              </span>
              <span className={css.month} aria-hidden>
                {word(month)}
              </span>
              <span className="gx-visually-hidden">{said}</span>
            </>
          )
          return (
            <li key={month} title={said}>
              {sums ? (
                <ListLink
                  object="opportunity"
                  search={{
                    filter: behind('all', { from, after, currency: data.currency }),
                    sort: '-amount',
                  }}
                  className={css.monthLink}
                >
                  {column}
                </ListLink>
              ) : (
                <span className={css.monthLink}>{column}</span>
              )}
            </li>
          )
        })}
      </ol>
    </Card>
  )
}

function Legend() {
  const { t } = useTranslation('forecast')
  return (
    <span className={css.legend}>
      {stack.map((part) => (
        <span key={part}>
          <span className={`${css.dot} ${css[part]}`} aria-hidden />
          {t(`part.${part}`)}
        </span>
      ))}
    </span>
  )
}
