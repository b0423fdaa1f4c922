import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api } from './client'
import { keys, queryClient } from './queryClient'
import type { Ref } from './types'

export const reportKinds = ['daily', 'weekly'] as const
export type ReportKind = (typeof reportKinds)[number]

/** What a day or a week is asked for by. */
export interface SpanAsked {
  kind: ReportKind
  day: string
}

interface Span {
  kind: ReportKind
  first_day: string
  last_day: string
}

export interface Count {
  name: string
  /** Nothing where the viewer may not know of it. */
  count: number | null
  least: number | null
}

export interface WorkDraft extends Span {
  expected: boolean
  /** The report, where it was sent already. */
  sent: string | null
  counts: Count[]
  summary: string
  plan: string
}

export interface TeamRow {
  who: Ref
  expected: boolean
  short: boolean
  counts: Record<string, { count: number; least: number | null }>
  report: string | null
  sent_at: string | null
  late: boolean | null
}

export interface WorkTeam extends Span {
  rows: TeamRow[]
}

/** What these figures are made of: they are read again when one of it changes. */
export const WORKED = [
  'follow_up',
  'task',
  'event',
  'customer',
  'lead',
  'opportunity',
  'stage_change',
  'work_report',
  'report_rule',
]

/** The viewer's own report is another one now. */
export const refreshWork = () => queryClient.invalidateQueries({ queryKey: keys.figuresOf('work_draft') })

export function useWorkDraft(asked: SpanAsked, options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.figures('work_draft', asked),
    queryFn: ({ signal }) => api.get<WorkDraft>('/figures/work_draft', { query: { ...asked }, signal }),
    enabled: options.enabled ?? true,
    placeholderData: keepPreviousData,
  })
}

export function useWorkTeam(asked: SpanAsked, options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.figures('work_reports', asked),
    queryFn: ({ signal }) => api.get<WorkTeam>('/figures/work_reports', { query: { ...asked }, signal }),
    enabled: options.enabled ?? true,
    placeholderData: keepPreviousData,
  })
}
