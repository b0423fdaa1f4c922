import { useTranslation } from 'react-i18next'
import type { Goal } from '@/api/targets'
import { portion } from '@/ui/exact'
import { formatPercent } from '@/ui/number'
import { scaleOf, timePassed } from './figures'
import css from './targets.module.css'

interface Props {
  goal: Goal
  passed: number
  days: number
}

/** Reached, open beside it, the target's end and how much of the time is over. All of it stands in words beside. */
export function Bar({ goal, passed, days }: Props) {
  const { t } = useTranslation('targets')
  const scale = scaleOf(goal)
  const target = portion(goal.target, scale)
  const time = (target * timePassed(passed, days)) / 1000
  const done = goal.rate !== null && Number(goal.rate) >= 100
  return (
    <span className={css.progress} aria-hidden>
      <span className={css.track}>
        <span
          className={`${css.reached} ${done ? css.done : ''}`}
          style={{ width: `${portion(goal.actual, scale)}%` }}
        />
        <span className={css.open} style={{ width: `${portion(goal.weighted, scale)}%` }} />
      </span>
      {target > 0 && target < 100 && <span className={css.goal} style={{ insetInlineStart: `${target}%` }} />}
      {passed > 0 && passed < days && (
        <span
          className={css.time}
          style={{ insetInlineStart: `${time}%` }}
          title={t('timePassed', { share: formatPercent(timePassed(passed, days) / 10) })}
        />
      )}
    </span>
  )
}
