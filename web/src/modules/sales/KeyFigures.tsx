import { useTranslation } from 'react-i18next'
import type { SalesAnalysis, Sum } from '@/api/sales'
import type { FilterExpr } from '@/api/types'
import { ListLink } from '@/records/data/nav'
import { formatPercent } from '@/ui/number'
import { Dash, Money } from '@/ui/values'
import { behind } from './filters'
import css from './sales.module.css'

/** What is open, won and lost, how often one wins and how long that takes. */
export function KeyFigures({ data }: { data: SalesAnalysis }) {
  const { t } = useTranslation('sales')
  const closed: FilterExpr = ['status', 'in', ['won', 'lost']]
  return (
    <div className={css.figures}>
      {(['open', 'won', 'lost'] as const).map((status) => (
        <ListLink
          key={status}
          object="opportunity"
          search={{ filter: behind(data.filter, ['status', '=', status]) }}
          className={css.figure}
        >
          <span className={css.figureTitle}>{t(`analysis.${status}`)}</span>
          <Value sum={data[status]} />
        </ListLink>
      ))}
      <ListLink object="opportunity" search={{ filter: behind(data.filter, closed) }} className={css.figure}>
        <span className={css.figureTitle}>{t('analysis.winRate')}</span>
        <span className={css.figureValue}>{data.win_rate ? formatPercent(data.win_rate) : <Dash />}</span>
        <span className={css.small}>
          {t('analysis.closedOf', { won: data.won?.count ?? 0, lost: data.lost?.count ?? 0 })}
        </span>
      </ListLink>
      <ListLink
        object="opportunity"
        search={{ filter: behind(data.filter, ['status', '=', 'won']), sort: '-cycle_days' }}
        className={css.figure}
      >
        <span className={css.figureTitle}>{t('analysis.cycle')}</span>
        <span className={css.figureValue}>
          {data.cycle_days ? t('analysis.days', { days: data.cycle_days }) : <Dash />}
        </span>
        <span className={css.small}>{t('analysis.cycleText')}</span>
      </ListLink>
    </div>
  )
}

function Value({ sum }: { sum: Sum | undefined }) {
  const { t } = useTranslation('sales')
  const count = t('analysis.deals', { count: sum?.count ?? 0 })
  if (!sum?.amount) return <span className={css.figureValue}>{count}</span>
  return (
    <>
      <span className={css.figureValue}>
        <Money value={sum.amount} compact />
      </span>
      <span className={css.small}>{count}</span>
    </>
  )
}
