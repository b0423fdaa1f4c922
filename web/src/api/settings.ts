import { useMutation, useQuery } from '@tanstack/react-query'
import { type ApiError, api } from './client'
import type { ExportInfo } from './exports'
import { keys, queryClient } from './queryClient'
import type { Ref } from './types'

/** The section `data_safety` of the workspace's settings; a limit that is null does not hold. */
export interface DataSafety {
  watermark: boolean
  export_rows_per_day: number | null
  records_per_hour: number | null
  approve_exports_above: number | null
}

export function useDataSafety() {
  return useQuery({
    queryKey: keys.settings('data_safety'),
    queryFn: ({ signal }) => api.get<DataSafety>('/settings/data_safety', { signal }),
    staleTime: 5 * 60_000,
  })
}

export function useSaveDataSafety() {
  return useMutation<DataSafety, ApiError, DataSafety>({
    mutationFn: (settings) => api.put<DataSafety>('/settings/data_safety', settings),
    onSuccess: (saved) => queryClient.setQueryData(keys.settings('data_safety'), saved),
  })
}

/** An export that an administrator has to decide on. */
export interface WaitingExport extends ExportInfo {
  format: 'csv' | 'xlsx'
  size: number | null
  created_at: string
  user: Ref | null
  filter: unknown
}

export function useWaitingExports(options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.waitingExports,
    queryFn: async ({ signal }) =>
      (await api.get<{ items: WaitingExport[] }>('/exports', { query: { state: 'waiting' }, signal })).items,
    staleTime: 0,
    refetchInterval: 15_000,
    enabled: options.enabled ?? true,
  })
}

export function useDecideExport() {
  return useMutation<ExportInfo, ApiError, { id: string; verb: 'approve' | 'reject'; reason?: string }>({
    mutationFn: ({ id, verb, reason }) =>
      api.post<ExportInfo>(`/exports/${encodeURIComponent(id)}/actions/${verb}`, reason ? { reason } : {}),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.waitingExports }),
  })
}
