import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalogue'
import type { SalesAnalysis } from '@/api/sales'
import type { FilterExpr } from '@/api/types'
import { ListLink } from '@/records/data/nav'
import { formatNumber, formatPercent } from '@/ui/number'
import { Card } from '@/ui/Page'
import { EmptyState } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import { Dash, Money } from '@/ui/values'
import { behind } from './filters'
import css from './sales.module.css'

/** Why it was lost, the commonest first. */
export function LossReasons({ data }: { data: SalesAnalysis }) {
  const { t } = useTranslation('sales')
  const label = useLabel()
  const options = useObject('opportunity')?.fields.loss_reason?.options ?? []
  const most = Math.max(1, ...data.loss_reasons.map((r) => r.count))
  return (
    <Card title={t('analysis.reasons')} flush>
      {data.loss_reasons.length === 0 && <EmptyState compact title={t('analysis.noLost')} />}
      <ul className={css.rows}>
        {data.loss_reasons.map((row) => {
          const reason: FilterExpr = row.reason
            ? ['loss_reason', '=', row.reason]
            : ['loss_reason', 'is_null']
          const option = options.find((o) => o.value === row.reason)
          return (
            <li key={row.reason ?? ''}>
              <ListLink
                object="opportunity"
                search={{ filter: behind(data.filter, ['status', '=', 'lost'], reason) }}
                className={css.reason}
              >
                <span>{row.reason ? label(option?.label, row.reason) : t('analysis.noReason')}</span>
                <span className={css.number}>{t('analysis.deals', { count: row.count })}</span>
                <span className={css.number}>
                  {row.amount ? <Money value={row.amount} compact /> : <Dash />}
                </span>
                <span className={css.bar} aria-hidden>
                  <span className={css.lost} style={{ width: `${(row.count / most) * 100}%` }} />
                </span>
              </ListLink>
            </li>
          )
        })}
      </ul>
    </Card>
  )
}

/** Against whom one wins and loses. */
export function Competitors({ data }: { data: SalesAnalysis }) {
  const { t } = useTranslation('sales')
  return (
    <Card title={t('analysis.competitors')} flush>
      {data.competitors.length === 0 ? (
        <EmptyState compact title={t('analysis.noMet')} />
      ) : (
        <div className={css.scroll}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{t('analysis.against')}</th>
                {(['open', 'won', 'lost', 'rate'] as const).map((name) => (
                  <th key={name} scope="col" className={css.number}>
                    {t(`analysis.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.competitors.map((row) => (
                <tr key={row.competitor.id}>
                  <th scope="row">
                    <ListLink
                      object="opportunity"
                      search={{ filter: behind(data.filter, ['competitor', '=', row.competitor]) }}
                      className={css.link}
                    >
                      {row.competitor.title}
                    </ListLink>
                  </th>
                  {(['open', 'won', 'lost'] as const).map((status) => (
                    <td key={status} className={css.number}>
                      {row[status].count === 0 ? (
                        <span className={css.quiet}>0</span>
                      ) : (
                        <ListLink
                          object="opportunity"
                          search={{
                            filter: behind(
                              data.filter,
                              ['competitor', '=', row.competitor],
                              ['status', '=', status],
                            ),
                          }}
                          className={css.link}
                        >
                          {formatNumber(row[status].count)}
                        </ListLink>
                      )}
                    </td>
                  ))}
                  <td className={css.number}>{row.win_rate ? formatPercent(row.win_rate) : <Dash />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  )
}
