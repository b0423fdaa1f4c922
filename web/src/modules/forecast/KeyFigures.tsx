import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Forecast } from '@/api/targets'
import { inAddress, parsePeriod, periodOf } from '@/modules/targets/period'
import { Amount, useAmountText } from '@/modules/targets/words'
import { ListLink } from '@/records/data/nav'
import { absolute, compare, minus, plus } from '@/ui/exact'
import { Dash } from '@/ui/values'
import { behind, parts } from './figures'
import css from './forecast.module.css'

/** The target, what is won and what is expected, and whether that is enough. */
export function KeyFigures({ data }: { data: Forecast }) {
  const { t } = useTranslation('forecast')
  const text = useAmountText()
  const { total } = data
  const span = { from: data.first, after: data.after, currency: data.currency }
  const come = plus(total.won, total.weighted)
  const order = compare(come, total.target)
  return (
    <>
      <div className={css.figures}>
        <Link
          to="/targets"
          search={{ period: inAddress(parsePeriod(data.period) ?? periodOf('quarter')) }}
          className={css.figure}
        >
          <span className={css.figureTitle}>{t('target')}</span>
          <span className={css.figureValue}>
            {total.target === null ? <Dash /> : <Amount value={total.target} compact />}
          </span>
          {total.target === null && <span className={css.small}>{t('noTarget')}</span>}
        </Link>
        {parts.map((part) => (
          <ListLink
            key={part}
            object="opportunity"
            search={{ filter: behind(part, span), sort: part === 'weighted' ? '-expected' : '-amount' }}
            className={css.figure}
          >
            <span className={css.figureTitle}>
              {part !== 'weighted' && <span className={`${css.dot} ${css[part]}`} aria-hidden />}
              {t(`part.${part}`)}
            </span>
            <span className={css.figureValue}>
              <Amount value={total[part]} compact />
            </span>
            {part === 'weighted' && (
              <span className={css.small}>
                {t('deals', { count: total.deals, shown: String(total.deals) })}
              </span>
            )}
          </ListLink>
        ))}
      </div>
      <p className={css.verdict}>
        {t('come', { amount: text(come, 'won_amount', true) })}
        {total.target !== null && (
          <strong className={order < 0 ? css.short : css.enough}>
            {order < 0
              ? t('short', { by: text(absolute(minus(come, total.target)), 'won_amount', true) })
              : order > 0
                ? t('over', { by: text(minus(come, total.target), 'won_amount', true) })
                : t('just')}
          </strong>
        )}
      </p>
    </>
  )
}
