import type { Goal, GoalLevel, Measure } from '@/api/targets'
import type { FilterExpr, Ref } from '@/api/types'
import { compare, plus } from '@/ui/exact'
import { type Period, within } from './period'

/** The records that a figure counts. */
export interface Source {
  object: string
  filter: FilterExpr
  /** The date that places them in a period. */
  date: string
  /** What is summed up of them; none: they are counted. */
  sum?: string
  sort?: string
}

interface Whose {
  level: GoalLevel
  who: Ref | null
  product: Ref | null
}

function share(way: string, { level, who }: Whose): FilterExpr[] {
  if (!who || level === 'company') return []
  return level === 'department' ? [[`${way}department`, 'under', who]] : [[`${way}owner`, '=', who]]
}

/** What was reached: as the server counts it. */
export function reached(measure: Measure, goal: Whose, period: Period, currency: string): Source {
  if (measure === 'new_customers') {
    return {
      object: 'customer',
      filter: { and: [...within('created_at', period, true), ...share('', goal)] },
      date: 'created_at',
      sort: '-created_at',
    }
  }
  const byLines = goal.product !== null
  const way = byLines ? 'opportunity.' : ''
  const money: FilterExpr[] = measure === 'won_amount' ? [['currency', '=', currency]] : []
  return {
    object: byLines ? 'opportunity_product' : 'opportunity',
    filter: {
      and: [
        [`${way}status`, '=', 'won'],
        ...within(`${way}close_date`, period),
        ...share(way, goal),
        ...(goal.product ? [['product', '=', goal.product] as FilterExpr] : []),
        ...money,
      ],
    },
    date: `${way}close_date`,
    sum: measure === 'won_amount' ? 'amount' : measure === 'sold_quantity' ? 'quantity' : undefined,
    sort: measure === 'won_count' ? '-close_date' : byLines ? undefined : '-amount',
  }
}

/** What is open and counts by its probability. */
export function stillOpen(goal: Whose, period: Period, currency: string): Source {
  return {
    object: 'opportunity',
    filter: {
      and: [
        ['status', '=', 'open'],
        ['forecast_category', '!=', 'omitted'],
        ...within('close_date', period),
        ...share('', goal),
        ['currency', '=', currency],
      ],
    },
    date: 'close_date',
    sum: 'expected',
    sort: '-expected',
  }
}

/** In tenths of a percent: how much of the time is over. */
export const timePassed = (passed: number, days: number): number =>
  days > 0 ? Math.round((passed * 1000) / days) : 0

export type Pace =
  | { is: 'none' | 'done' | 'even' | 'missed' | 'not_begun' }
  | { is: 'ahead' | 'behind'; points: string }

/** How it goes, measured by the time that is over. */
export function paceOf(rate: string | null, passed: number, days: number): Pace {
  if (rate === null) return { is: 'none' }
  const reachedTenths = Math.round(Number(rate) * 10)
  if (reachedTenths >= 1000) return { is: 'done' }
  if (passed === 0) return { is: 'not_begun' }
  if (passed >= days) return { is: 'missed' }
  const tenths = reachedTenths - timePassed(passed, days)
  if (tenths === 0) return { is: 'even' }
  return { is: tenths > 0 ? 'ahead' : 'behind', points: (Math.abs(tenths) / 10).toFixed(1) }
}

export interface Group {
  product: Ref | null
  /** Company and departments. */
  wholes: Goal[]
  people: Goal[]
}

/** Those of no product first, then product by product. */
export function grouped(rows: Goal[]): Group[] {
  const groups = new Map<string, Group>()
  for (const row of rows) {
    const key = row.product?.id ?? ''
    const group = groups.get(key) ?? { product: row.product, wholes: [], people: [] }
    groups.set(key, group)
    ;(row.level === 'person' ? group.people : group.wholes).push(row)
  }
  return [...groups.values()].sort((a, b) => Number(a.product !== null) - Number(b.product !== null))
}

/** To what a bar is drawn: the target, or what goes beyond it. */
export const scaleOf = (goal: Goal): string => {
  const come = plus(goal.actual, goal.weighted)
  return compare(come, goal.target) > 0 ? come : (goal.target ?? '0')
}
