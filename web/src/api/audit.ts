import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { type ApiError, api } from './client'
import type { ExportInfo } from './exports'
import { keys } from './queryClient'
import type { HistoryEntry, Paged, Ref } from './types'

/** What the audit is searched for; a day is one of the workspace. */
export interface AuditFilter {
  from?: string
  to?: string
  user?: string
  object?: string
  record?: string
  field?: string
  kind?: string
  via?: string
  address?: string
  only?: 'permissions'
}

export interface AuditEntry extends HistoryEntry {
  object: string
  record: Ref
  address: string | null
  reason: string | null
}

/** All changes, newest first. A page may be empty and the search yet go on: the server looks through so much at a time. */
export function useAudit(filter: AuditFilter) {
  return useInfiniteQuery({
    queryKey: keys.audit(filter),
    queryFn: ({ pageParam, signal }) =>
      api.get<Paged<AuditEntry>>('/audit', { query: { ...filter, cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
}

export function useAuditExport() {
  return useMutation<ExportInfo, ApiError, { format: 'csv' | 'xlsx'; filter: AuditFilter }>({
    mutationFn: (body) => api.post<ExportInfo>('/audit/exports', body),
  })
}

export interface SealStatus {
  seal: { number: number; at: string; rows: number; hash: string; mac: string } | null
  unsealed: number
  problem: string | null
}

export function useSeal() {
  return useQuery({
    queryKey: keys.seal,
    queryFn: ({ signal }) => api.get<SealStatus>('/audit/seal', { signal }),
    staleTime: 10_000,
  })
}
