import dayjs from 'dayjs'
import type { FilterExpr } from '@/api/types'
import { fromWallClock, today } from '@/ui/time'

/** What targets and forecasts are for: `2026`, `2026-Q3` or `2026-07`. */
export const kinds = ['year', 'quarter', 'month'] as const
export type PeriodKind = (typeof kinds)[number]

export interface Period {
  year: number
  /** From 1; as many as the period has. */
  months: number[]
}

const two = (n: number) => String(n).padStart(2, '0')
const from = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i)
const SIZE: Record<PeriodKind, number> = { year: 12, quarter: 3, month: 1 }

export function parsePeriod(text: string | undefined): Period | undefined {
  const found = /^(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?$/.exec(text ?? '')
  if (!found) return undefined
  const year = Number(found[1])
  if (year < 2000 || year > 2200) return undefined
  if (found[2]) return { year, months: from(Number(found[2]) * 3 - 2, 3) }
  return { year, months: found[3] ? [Number(found[3])] : from(1, 12) }
}

export const kindOfPeriod = (period: Period): PeriodKind =>
  kinds.find((kind) => SIZE[kind] === period.months.length) ?? 'month'

export function periodName(period: Period): string {
  const [first = 1] = period.months
  const kind = kindOfPeriod(period)
  if (kind === 'year') return String(period.year)
  return kind === 'quarter' ? `${period.year}-Q${(first + 2) / 3}` : `${period.year}-${two(first)}`
}

/** The period of a kind that a day lies in; today's own when none is given. */
export function periodOf(kind: PeriodKind, day = today()): Period {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))]
  const size = SIZE[kind]
  return { year, months: from(Math.floor((month - 1) / size) * size + 1, size) }
}

/** So many periods later, or earlier; those that no target can be for stay away. */
export function shifted(period: Period, by: number): Period | undefined {
  const size = period.months.length
  const first = period.year * 12 + ((period.months[0] ?? 1) - 1) + by * size
  const year = Math.floor(first / 12)
  return year < 2000 || year > 2200 ? undefined : { year, months: from((first % 12) + 1, size) }
}

/** The same time in another size: the current one where today lies in it, else its first. */
export function resized(period: Period, kind: PeriodKind): Period {
  const day = today()
  const within = Number(day.slice(0, 4)) === period.year && period.months.includes(Number(day.slice(5, 7)))
  return periodOf(kind, within ? day : firstDay(period))
}

export const firstDay = (period: Period) => `${period.year}-${two(period.months[0] ?? 1)}-01`
/** The day after the last one. */
export const dayAfter = (period: Period) =>
  dayjs(firstDay(period)).add(period.months.length, 'month').format('YYYY-MM-DD')

/** Dates, or moments by the workspace's clock, that lie in it. */
export function within(field: string, period: Period, moments = false): FilterExpr[] {
  const bound = (day: string) => (moments ? fromWallClock(dayjs(day)) : day)
  return [
    [field, '>=', bound(firstDay(period))],
    [field, '<', bound(dayAfter(period))],
  ]
}

/** As an address carries it: a year alone is a number there. */
export const inAddress = (period: Period): string | number =>
  kindOfPeriod(period) === 'year' ? period.year : periodName(period)
