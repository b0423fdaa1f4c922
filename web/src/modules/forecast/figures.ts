import type { Forecast, ForecastPart } from '@/api/targets'
import type { FilterExpr, Ref } from '@/api/types'
import { compare, minus, plus } from '@/ui/exact'

/** From the surest on. */
export const stack = ['won', 'commit', 'best_case', 'pipeline'] as const
export const parts = [...stack, 'weighted'] as const

/** The opportunities that a figure counts: `from` and `after` are days. */
export function behind(
  part: ForecastPart | 'all',
  { from, after, currency }: { from: string; after: string; currency: string },
  owner?: Ref | null,
): FilterExpr {
  const which: Record<ForecastPart | 'all', FilterExpr[]> = {
    all: [['status', 'in', ['open', 'won']]],
    won: [['status', '=', 'won']],
    commit: [
      ['status', '=', 'open'],
      ['forecast_category', '=', 'commit'],
    ],
    best_case: [
      ['status', '=', 'open'],
      ['forecast_category', '=', 'best_case'],
    ],
    // Those of an older release have none until they are looked at.
    pipeline: [
      ['status', '=', 'open'],
      {
        or: [
          ['forecast_category', '=', 'pipeline'],
          ['forecast_category', 'is_null'],
        ],
      },
    ],
    weighted: [
      ['status', '=', 'open'],
      {
        or: [
          ['forecast_category', '!=', 'omitted'],
          ['forecast_category', 'is_null'],
        ],
      },
    ],
  }
  const whose: FilterExpr[] =
    owner === undefined ? [] : owner === null ? [['owner', 'is_null']] : [['owner', '=', owner]]
  return {
    and: [
      ...which[part],
      ['close_date', '>=', from],
      ['close_date', '<', after],
      ['currency', '=', currency],
      ...whose,
    ],
  }
}

/** What close in the period in another currency, as the server counts them. */
export const elsewhere = ({ first, after, currency }: Forecast): FilterExpr => ({
  and: [
    ['close_date', '>=', first],
    ['close_date', '<', after],
    ['status', 'in', ['open', 'won']],
    ['currency', '!=', currency],
    ['amount', 'not_null'],
  ],
})

export interface Move {
  part: (typeof parts)[number]
  up: boolean
  by: string
}

const DAY = 86_400_000
const earlier = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * DAY).toISOString().slice(0, 10)

/** What has moved since so many days ago, and since when one can tell; nothing where nothing was noted. */
export function moved(data: Forecast, today: string, days = 7): { since: string; moves: Move[] } | undefined {
  const until = earlier(today, days)
  const [first] = data.history
  // Before the first note nobody looked: that is no move.
  const base = data.history.filter((h) => h.day <= until).at(-1) ?? first
  if (!base || base.day >= today) return undefined
  const moves = parts.flatMap((part): Move[] => {
    const order = compare(data.total[part], base[part])
    if (order === 0) return []
    const by = order > 0 ? minus(data.total[part], base[part]) : minus(base[part], data.total[part])
    return [{ part, up: order > 0, by }]
  })
  // Days are text and compare as such.
  const [since = until] = [base.day, until].sort().slice(-1)
  return { since, moves }
}

export const lines = ['won', 'sure', 'likely', 'weighted'] as const
export type Line = (typeof lines)[number]

/** What the lines of the chart show: won, with commit, with best case; won and weighted. */
export function standing(sums: Record<ForecastPart, string>): Record<Line, string> {
  return {
    won: sums.won,
    sure: plus(sums.won, sums.commit),
    likely: plus(sums.won, sums.commit, sums.best_case),
    weighted: plus(sums.won, sums.weighted),
  }
}

export interface Point {
  day: string
  at: Record<Line, string>
}

/** As it stood after each day on which it moved, and at last as it stands now. */
export function course(data: Forecast, today: string): Point[] {
  const past = data.history.filter((h) => h.day < today).map((h) => ({ day: h.day, at: standing(h) }))
  return [...past, { day: today, at: standing(data.total) }]
}

const place = (day: string) => Date.parse(`${day}T00:00:00Z`)

/** Where a day lies between the first and the last, from 0 to 100. */
export function across(day: string, points: Point[]): number {
  const [from, to] = [place(points[0]?.day ?? day), place(points.at(-1)?.day ?? day)]
  return to > from ? ((place(day) - from) / (to - from)) * 100 : 100
}
