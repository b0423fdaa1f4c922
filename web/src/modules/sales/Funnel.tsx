import { useTranslation } from 'react-i18next'
import type { FunnelStage, SalesAnalysis } from '@/api/sales'
import type { FilterExpr } from '@/api/types'
import { ListLink } from '@/records/data/nav'
import { formatNumber, formatPercent } from '@/ui/number'
import { Card } from '@/ui/Page'
import { Dash, Money } from '@/ui/values'
import { behind, through } from './filters'
import css from './sales.module.css'

/** The stages in their order, each as wide as the part of all that came there. */
export function Funnel({ data }: { data: SalesAnalysis }) {
  const { t } = useTranslation('sales')
  return (
    <Card title={t('analysis.funnel')} extra={t('analysis.funnelText')} flush>
      <div className={css.scroll}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{t('analysis.stage')}</th>
              <th scope="col" className={css.number}>
                {t('analysis.reached')}
              </th>
              <th scope="col" className={css.number}>
                {t('analysis.amount')}
              </th>
              <th scope="col" className={css.number}>
                {t('analysis.conversion')}
              </th>
              <th scope="col" className={css.number}>
                {t('analysis.stay')}
              </th>
              <th scope="col" className={css.number}>
                {t('analysis.here')}
              </th>
              <th scope="col" className={css.number}>
                {t('analysis.lostHere')}
              </th>
            </tr>
          </thead>
          <tbody>
            {data.stages.map((stage) => (
              <Row key={stage.id} stage={stage} filter={data.filter} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  )
}

function Row({ stage, filter }: { stage: FunnelStage; filter: FilterExpr | undefined }) {
  const { t } = useTranslation('sales')
  const came = behind(filter, ['furthest_stage', 'in', stage.further])
  const next = stage.further.slice(1)
  const left = behind(filter && through(filter, 'opportunity'), [
    'from_stage',
    '=',
    { id: stage.id, title: stage.name },
  ])
  return (
    <tr>
      <th scope="row">
        <span className={css.stage}>{stage.name}</span>
        <span className={css.bar} aria-hidden>
          <span className={stage.kind === 'won' ? css.won : ''} style={{ width: `${stage.of_all ?? 0}%` }} />
        </span>
      </th>
      <td className={css.number}>
        <ListLink object="opportunity" search={{ filter: came }} className={css.link}>
          {formatNumber(stage.reached.count)}
        </ListLink>
        {stage.of_all && (
          <span className={css.small}>{t('analysis.ofAll', { share: formatPercent(stage.of_all) })}</span>
        )}
      </td>
      <td className={css.number}>
        {stage.reached.amount ? (
          <ListLink object="opportunity" search={{ filter: came, sort: '-amount' }} className={css.link}>
            <Money value={stage.reached.amount} compact />
          </ListLink>
        ) : (
          <Dash />
        )}
      </td>
      <td className={css.number}>
        {stage.conversion ? (
          <ListLink
            object="opportunity"
            search={{ filter: behind(filter, ['furthest_stage', 'in', next]) }}
            className={css.link}
          >
            {formatPercent(stage.conversion)}
          </ListLink>
        ) : (
          <Dash />
        )}
      </td>
      <td className={css.number}>
        {stage.average_days ? (
          <>
            <ListLink object="stage_change" search={{ filter: left, sort: '-days' }} className={css.link}>
              {t('analysis.days', { days: stage.average_days })}
            </ListLink>
            <span className={css.small}>{t('analysis.stays', { count: stage.stays })}</span>
          </>
        ) : (
          <Dash />
        )}
      </td>
      <Count count={stage.here.count} filter={behind(filter, ['stage', '=', stage.id])} />
      <Count
        count={stage.lost_here.count}
        filter={behind(filter, ['furthest_stage', '=', stage.id], ['status', '=', 'lost'])}
      />
    </tr>
  )
}

function Count({ count, filter }: { count: number; filter: FilterExpr }) {
  return (
    <td className={css.number}>
      {count === 0 ? (
        <span className={css.quiet}>0</span>
      ) : (
        <ListLink object="opportunity" search={{ filter }} className={css.link}>
          {formatNumber(count)}
        </ListLink>
      )}
    </td>
  )
}
