import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { refreshObject } from './cache'
import { type ApiError, api } from './client'
import type { ExportInfo } from './exports'
import { restoreRecord } from './mutations'
import { keys, queryClient } from './queryClient'
import type {
  FilterExpr,
  ImportInfo,
  Paged,
  RecentItem,
  RecordData,
  SavedView,
  SearchHit,
  TrashItem,
} from './types'

const seg = encodeURIComponent

interface SearchOptions {
  object?: string
  /** Narrows within one object. */
  filter?: FilterExpr
  limit?: number
}

export const search = (
  q: string,
  { object, filter, limit = 20, signal }: SearchOptions & { signal?: AbortSignal } = {},
) =>
  api
    .get<{ items: SearchHit[] }>('/search', {
      query: { q, object, filter: filter && JSON.stringify(filter), limit },
      signal,
    })
    .then((a) => a.items)

/** Pass text that is settled: debounced, and not in the middle of an input method's composition. */
export function useSearch(q: string, options: { object?: string; limit?: number; enabled?: boolean } = {}) {
  const text = q.trim()
  return useQuery({
    queryKey: [...keys.search, options.object ?? '', text, options.limit ?? 20],
    queryFn: ({ signal }) => search(text, { ...options, signal }),
    enabled: text.length > 0 && (options.enabled ?? true),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })
}

export function useRecent(limit = 12, options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: [...keys.recent, limit],
    queryFn: async ({ signal }) =>
      (await api.get<{ items: RecentItem[] }>('/recent', { query: { limit }, signal })).items,
    enabled: options.enabled ?? true,
  })
}

/** A detail page calls this once it has shown its record. */
export function noteOpened(object: string, id: string) {
  api
    .post('/recent', { object, id })
    .then(() => queryClient.invalidateQueries({ queryKey: keys.recent }))
    .catch(() => {})
}

export function useViews(object: string, options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.views(object),
    queryFn: async ({ signal }) => {
      const a = await api.get<{ items: SavedView[] }>('/views', { query: { object }, signal })
      return a.items
    },
    enabled: options.enabled ?? true,
  })
}

/** With an id the view is changed, without one it is made. */
export function useSaveView(object: string) {
  return useMutation<SavedView, ApiError, Partial<SavedView>>({
    mutationFn: ({ id, ...view }) =>
      id === undefined
        ? api.post<SavedView>('/views', { ...view, object })
        : api.patch<SavedView>(`/views/${seg(id)}`, view),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.views(object) }),
  })
}

export function useDeleteView(object: string) {
  return useMutation<void, ApiError, string>({
    mutationFn: (id) => api.delete<void>(`/views/${seg(id)}`),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.views(object) }),
  })
}

export function useTrash(object?: string) {
  return useInfiniteQuery({
    queryKey: [...keys.trash, object ?? ''],
    queryFn: ({ pageParam, signal }) =>
      api.get<Paged<TrashItem>>('/trash', { query: { object, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    staleTime: 0,
  })
}

export function useRestore() {
  return useMutation<RecordData, ApiError, { object: string; id: string }>({
    mutationFn: ({ object, id }) => restoreRecord(object, id),
  })
}

export function usePurge() {
  return useMutation<void, ApiError, { object: string; id: string }>({
    mutationFn: ({ object, id }) => api.delete<void>(`/trash/${seg(object)}/${seg(id)}`),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.trash }),
  })
}

const storeImport = (info: ImportInfo) => {
  queryClient.setQueryData([...keys.imports, info.id], info)
  void queryClient.invalidateQueries({ queryKey: keys.imports, exact: true })
}

export function useImports() {
  return useQuery({
    queryKey: keys.imports,
    queryFn: async ({ signal }) => {
      const a = await api.get<{ items: ImportInfo[] }>('/imports', { signal })
      return a.items
    },
  })
}

/** Reads on by itself while the import runs, and brings the lists up to date when it ends. */
export function useImport(id: string | undefined) {
  return useQuery({
    queryKey: [...keys.imports, id ?? ''],
    queryFn: async ({ signal }) => {
      const info = await api.get<ImportInfo>(`/imports/${seg(id ?? '')}`, { signal })
      if (info.state !== 'running' && !info.dry_run) refreshObject(info.object)
      return info
    },
    enabled: id !== undefined,
    refetchInterval: (q) => (q.state.data?.state === 'running' ? 700 : false),
  })
}

export function useUploadImport() {
  return useMutation<ImportInfo, ApiError, { object: string; file: File }>({
    mutationFn: ({ object, file }) => {
      const form = new FormData()
      form.append('object', object)
      form.append('file', file)
      return api.post<ImportInfo>('/imports', form)
    },
    onSuccess: storeImport,
  })
}

export function useStartImport() {
  return useMutation<
    ImportInfo,
    ApiError,
    { id: string; mapping: Record<string, unknown>; dry_run: boolean }
  >({
    mutationFn: ({ id, ...body }) => api.post<ImportInfo>(`/imports/${seg(id)}/start`, body),
    onSuccess: storeImport,
  })
}

export function useImportVerb(verb: 'cancel' | 'resume') {
  return useMutation<ImportInfo, ApiError, string>({
    mutationFn: (id) => api.post<ImportInfo>(`/imports/${seg(id)}/${verb}`),
    onSuccess: storeImport,
  })
}

export interface UndoResult {
  removed: number
  reverted: number
  kept: { id: string; title: string }[]
}
export function useUndoImport(object: string) {
  return useMutation<UndoResult, ApiError, string>({
    mutationFn: (id) => api.post<UndoResult>(`/imports/${seg(id)}/undo`),
    onSuccess: () => {
      refreshObject(object)
      void queryClient.invalidateQueries({ queryKey: keys.imports })
    },
  })
}

export interface ExportInput {
  object: string
  format: 'csv' | 'xlsx'
  fields?: string[]
  filter?: FilterExpr
  sort?: string
}
export function useStartExport() {
  return useMutation<ExportInfo, ApiError, ExportInput>({
    mutationFn: (input) => api.post<ExportInfo>('/exports', input),
  })
}

export function useExport(id: string | undefined) {
  return useQuery({
    queryKey: [...keys.exports, id ?? ''],
    queryFn: ({ signal }) => api.get<ExportInfo>(`/exports/${seg(id ?? '')}`, { signal }),
    enabled: id !== undefined,
    refetchInterval: (q) => {
      const state = q.state.data?.state ?? 'running'
      // Somebody has to look at it first.
      return state === 'running' ? 700 : state === 'waiting' ? 5_000 : false
    },
  })
}

export const cancelExport = (id: string) => api.post<ExportInfo>(`/exports/${seg(id)}/cancel`)
