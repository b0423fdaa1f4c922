import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api } from './client'
import { keys } from './queryClient'
import type { FilterExpr, ObjectDef, Ref } from './types'

export const measures = ['won_amount', 'won_count', 'sold_quantity', 'new_customers'] as const
export type Measure = (typeof measures)[number]
export type GoalLevel = 'company' | 'department' | 'person'

/** Amounts are exact text; null where there is none, or none for the viewer. */
export interface GoalMonth {
  target: string | null
  actual: string | null
}

export interface Goal {
  id: string
  level: GoalLevel
  who: Ref | null
  product: Ref | null
  owner: string | null
  target: string | null
  actual: string | null
  /** In percent, with one decimal. */
  rate: string | null
  gap: string | null
  weighted: string | null
  rank: number | null
  months: GoalMonth[]
}

export interface Progress {
  period: string
  measure: Measure
  days_passed: number
  days: number
  currency: string | null
  rows: Goal[]
}

export interface ForecastSums {
  won: string
  commit: string
  best_case: string
  pipeline: string
  weighted: string
  deals: number
}
export type ForecastPart = Exclude<keyof ForecastSums, 'deals'>

export interface Forecast {
  period: string
  first: string
  /** The day after the last one. */
  after: string
  days_passed: number
  days: number
  currency: string
  total: ForecastSums & { target: string | null }
  rows: (ForecastSums & { owner: Ref | null; target: string | null })[]
  months: (ForecastSums & { month: string })[]
  late: { deals: number; amount: string; filter: FilterExpr }
  elsewhere: number
  history: (Record<ForecastPart, string> & { day: string })[]
}

/** What these figures are made of: they are read again when one of it changes. */
export const MEASURED = ['target', 'opportunity', 'opportunity_product', 'customer', 'forecast_move']

export interface ProgressAsked {
  period: string
  measure: Measure
  product?: string
  mine: boolean
}

export function useProgress(asked: ProgressAsked, options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.figures('targets', asked),
    queryFn: ({ signal }) =>
      api.get<Progress>('/figures/targets', {
        query: { ...asked, mine: asked.mine || undefined },
        signal,
      }),
    enabled: options.enabled ?? true,
    placeholderData: keepPreviousData,
  })
}

export function useForecast(period: string, options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.figures('forecast', { period }),
    queryFn: ({ signal }) => api.get<Forecast>('/figures/forecast', { query: { period }, signal }),
    enabled: options.enabled ?? true,
    placeholderData: keepPreviousData,
  })
}

/** The server asks for the same before it forecasts. */
export const forecasts = (objects: Record<string, ObjectDef>): boolean =>
  ['amount', 'expected', 'close_date', 'status', 'forecast_category', 'owner'].every((name) => {
    const field = objects.opportunity?.fields[name]
    return field !== undefined && field.readable !== false && !field.masked
  })
