import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import type { Goal, Measure, Progress } from '@/api/targets'
import { ListLink } from '@/records/data/nav'
import { formatPercent } from '@/ui/number'
import { Dash } from '@/ui/values'
import { Bar } from './Bar'
import { reached, stillOpen, timePassed } from './figures'
import { Months } from './Months'
import { PaceText } from './PaceText'
import type { Period } from './period'
import css from './targets.module.css'
import { Amount } from './words'

interface Props {
  goal: Goal
  data: Progress
  period: Period
  title: string
  /** One's own, alone on the page: with its months at once. */
  large?: boolean
}

export function Linked({
  source,
  value,
  measure,
}: {
  source: ReturnType<typeof reached>
  value: string | null
  measure: Measure
}) {
  if (value === null) return <Dash />
  return (
    <ListLink
      object={source.object}
      search={{ filter: source.filter, sort: source.sort }}
      className={css.link}
    >
      <Amount value={value} measure={measure} compact />
    </ListLink>
  )
}

/** A target and how far it is reached. */
export function GoalCard({ goal, data, period, title, large }: Props) {
  const { t } = useTranslation('targets')
  const { workspace } = useCatalogue()
  const { measure, days, days_passed: passed } = data
  const amount = (value: string | null) => <Amount value={value} measure={measure} compact />
  return (
    <article className={`${css.card} ${large ? css.large : ''}`} aria-label={title}>
      <header className={css.cardHead}>
        <h2>{title}</h2>
        {goal.level !== 'person' && <span className={css.level}>{t(`level.${goal.level}`)}</span>}
        <span className={css.rate}>{goal.rate === null ? <Dash /> : formatPercent(goal.rate)}</span>
      </header>
      <Bar goal={goal} passed={passed} days={days} />
      <p className={css.paceLine}>
        <PaceText goal={goal} passed={passed} days={days} />
        <span className={css.small}>
          {t('timePassed', { share: formatPercent(timePassed(passed, days) / 10) })}
        </span>
      </p>
      <dl className={css.parts}>
        <div>
          <dt>{t('actual')}</dt>
          <dd>
            <Linked
              source={reached(measure, goal, period, workspace.currency)}
              value={goal.actual}
              measure={measure}
            />
          </dd>
        </div>
        <div>
          <dt>{t('target')}</dt>
          <dd>{amount(goal.target)}</dd>
        </div>
        <div>
          <dt>{t('gap')}</dt>
          <dd>{amount(goal.gap)}</dd>
        </div>
        {goal.weighted !== null && (
          <div>
            <dt>{t('weighted')}</dt>
            <dd>
              <Linked
                source={stillOpen(goal, period, workspace.currency)}
                value={goal.weighted}
                measure={measure}
              />
            </dd>
          </div>
        )}
      </dl>
      {large ? (
        <Months goal={goal} measure={measure} period={period} />
      ) : (
        <details className={css.more}>
          <summary>{t('months')}</summary>
          <Months goal={goal} measure={measure} period={period} />
        </details>
      )}
    </article>
  )
}
