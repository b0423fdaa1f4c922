import type { FilterExpr } from '@/api/types'

export const periods = ['this_month', 'this_quarter', 'this_year', 'last_90_days', 'all'] as const
export type Period = (typeof periods)[number]

/** What the address of the analysis says. */
export interface Choice {
  pipeline?: string
  by: 'opened_on' | 'close_date'
  period: Period
  whose: 'mine' | 'all'
}

export const choiceOf = (search: Record<string, string | undefined>): Choice => ({
  pipeline: search.pipeline,
  by: search.by === 'close_date' ? 'close_date' : 'opened_on',
  period: periods.find((p) => p === search.period) ?? 'this_year',
  whose: search.whose === 'mine' ? 'mine' : 'all',
})

/** The opportunities that are analysed. */
export function filterOf({ by, period, whose }: Choice): FilterExpr | undefined {
  const parts: FilterExpr[] = [
    ...(period === 'all' ? [] : [[by, 'within', period] as FilterExpr]),
    ...(whose === 'mine' ? [['owner', '=', 'me'] as FilterExpr] : []),
  ]
  return parts.length === 0 ? undefined : parts.length === 1 ? parts[0] : { and: parts }
}

/** The records behind a figure: what was analysed, and what makes this figure of it. */
export const behind = (filter: FilterExpr | undefined, ...more: FilterExpr[]): FilterExpr => {
  const flat = filter && !Array.isArray(filter) && 'and' in filter ? filter.and : filter ? [filter] : []
  return { and: [...flat, ...more] }
}

/** The same asked of what points at the records by a lookup. */
export function through(filter: FilterExpr, lookup: string): FilterExpr {
  if (Array.isArray(filter)) {
    const [field, ...rest] = filter
    return [`${lookup}.${field}`, ...rest]
  }
  if ('and' in filter) return { and: filter.and.map((f) => through(f, lookup)) }
  if ('or' in filter) return { or: filter.or.map((f) => through(f, lookup)) }
  return { not: through(filter.not, lookup) }
}
