import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  FallOutlined,
  MinusCircleOutlined,
  RiseOutlined,
} from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { Goal } from '@/api/targets'
import { paceOf } from './figures'
import css from './targets.module.css'

const icons = {
  done: CheckCircleOutlined,
  ahead: RiseOutlined,
  even: ClockCircleOutlined,
  behind: FallOutlined,
  missed: MinusCircleOutlined,
  not_begun: ClockCircleOutlined,
}

/** Ahead or behind, in words. */
export function PaceText({ goal, passed, days }: { goal: Goal; passed: number; days: number }) {
  const { t } = useTranslation('targets')
  const pace = paceOf(goal.rate, passed, days)
  if (pace.is === 'none') return null
  const Icon = icons[pace.is]
  return (
    <span className={`${css.pace} ${css[pace.is] ?? ''}`}>
      <Icon aria-hidden />
      {pace.is === 'ahead' || pace.is === 'behind'
        ? t(`pace.${pace.is}`, { points: pace.points })
        : t(`pace.${pace.is}`)}
    </span>
  )
}
