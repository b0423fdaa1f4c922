import { useTranslation } from 'react-i18next'
import type { Forecast } from '@/api/targets'
import { Amount } from '@/modules/targets/words'
import { ListLink } from '@/records/data/nav'
import { Avatar } from '@/ui/Avatar'
import { compare, minus, plus } from '@/ui/exact'
import { formatNumber } from '@/ui/number'
import { Card } from '@/ui/Page'
import { Dash } from '@/ui/values'
import { behind, parts } from './figures'
import css from './forecast.module.css'

/** Whose forecast is how sure; every figure opens its opportunities. */
export function ByPerson({ data }: { data: Forecast }) {
  const { t } = useTranslation('forecast')
  const span = { from: data.first, after: data.after, currency: data.currency }
  return (
    <Card
      title={t('byPerson')}
      extra={t('people', { count: data.rows.length, shown: formatNumber(data.rows.length) })}
      flush
    >
      <div className={css.scroll}>
        <table className={css.table} aria-label={t('byPerson')}>
          <thead>
            <tr>
              <th scope="col">{t('person')}</th>
              <th scope="col" className={css.number}>
                {t('target')}
              </th>
              {parts.map((part) => (
                <th key={part} scope="col" className={css.number}>
                  {t(`part.${part}`)}
                </th>
              ))}
              <th scope="col" className={css.number}>
                {t('lacking')}
              </th>
            </tr>
          </thead>
          <tbody>
            {data.rows.map((row) => {
              const name = row.owner ? (row.owner.title ?? t('unknown')) : t('nobody')
              const come = plus(row.won, row.weighted)
              const short = row.target !== null && compare(come, row.target) < 0
              return (
                <tr key={row.owner?.id ?? ''}>
                  <th scope="row">
                    <span className={css.who}>
                      {row.owner && <Avatar name={name} size={28} />}
                      {name}
                    </span>
                  </th>
                  <td className={css.number} data-label={t('target')}>
                    <Amount value={row.target} compact />
                  </td>
                  {parts.map((part) => (
                    <td key={part} className={css.number} data-label={t(`part.${part}`)}>
                      {compare(row[part], '0') === 0 ? (
                        <span className={css.quiet}>0</span>
                      ) : (
                        <ListLink
                          object="opportunity"
                          search={{
                            filter: behind(part, span, row.owner),
                            sort: part === 'weighted' ? '-expected' : '-amount',
                          }}
                          className={css.link}
                        >
                          <Amount value={row[part]} compact />
                        </ListLink>
                      )}
                    </td>
                  ))}
                  <td className={css.number} data-label={t('lacking')}>
                    {row.target === null ? (
                      <Dash />
                    ) : short ? (
                      <span className={css.short}>
                        <Amount value={minus(row.target, come)} compact />
                      </span>
                    ) : (
                      <span className={css.enough}>{t('covered')}</span>
                    )}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </Card>
  )
}
