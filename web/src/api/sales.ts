import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api } from './client'
import { keys } from './queryClient'
import type { FilterExpr, Ref } from './types'

/** How many, and what they bring; no amount for whom amounts are nothing to read. */
export interface Sum {
  count: number
  amount: string | null
}

export interface FunnelStage {
  id: string
  name: string
  kind: 'open' | 'won' | 'lost'
  reached: Sum
  /** Percentages and days are exact text with one decimal; null where there is nothing to divide. */
  of_all: string | null
  conversion: string | null
  here: Sum
  lost_here: Sum
  average_days: string | null
  stays: number
  /** This stage and those after it. */
  further: string[]
}

export interface SalesAnalysis {
  pipeline: { id: string; name: string } | null
  filter?: FilterExpr
  open?: Sum
  won?: Sum
  lost?: Sum
  win_rate?: string | null
  cycle_days?: string | null
  stages: FunnelStage[]
  loss_reasons: (Sum & { reason: string | null })[]
  competitors: { competitor: Ref; open: Sum; won: Sum; lost: Sum; win_rate: string | null }[]
  elsewhere?: number
}

/** Read again when opportunities change: it stands with their aggregates. */
export function useSalesAnalysis(pipeline: string | undefined, filter: FilterExpr | undefined) {
  return useQuery({
    queryKey: keys.aggregate('opportunity', { analysis: pipeline ?? null, filter: filter ?? null }),
    queryFn: ({ signal }) =>
      api.get<SalesAnalysis>('/figures/sales_analysis', {
        query: { pipeline, filter: filter && JSON.stringify(filter) },
        signal,
      }),
    placeholderData: keepPreviousData,
  })
}
