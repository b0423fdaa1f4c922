import { useMutation, useQuery } from '@tanstack/react-query'
import { refreshObject } from './cache'
import { type ApiError, api } from './client'
import { queryClient } from './queryClient'
import { noteStarted } from './startedHandovers'
import type { FilterExpr, Ref } from './types'

/** Records that one person has of an object, or places in which he stands. */
export interface Holding {
  object: string
  /** `owner`, or a field in which people stand for something (head of a department). */
  field: string
  count: number
  /** How many of them are not done yet; null where nothing can be pending. */
  pending: number | null
  /** Stays with him unless it is told otherwise: who wrote it wrote it. */
  stays: boolean
  /** Objects whose records go along with these. */
  along: string[]
}

export interface Holdings {
  user: Ref
  active: boolean
  items: Holding[]
}

export interface HandoverPart {
  object: string
  field?: string
  filter?: FilterExpr
  /** In turn. */
  to: string[]
  along: string[]
}

export interface HandoverRequest {
  /** Without it the filters of the parts say which records are meant. */
  from?: string
  parts: HandoverPart[]
  deactivate?: boolean
  note?: string
}

export interface HandoverPreview {
  parts: { object: string; field: string; count: number }[]
  total: number
}

export type HandoverState = 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted' | 'undone'

export interface Handover {
  id: string
  state: HandoverState
  undoing: boolean
  from: Ref | null
  started_by: Ref | null
  note: string | null
  deactivate: boolean
  total: number
  moved: number
  returned: number
  kept: number
  by_object: { object: string; to: Ref | null; count: number }[]
  message: string | null
  created_at: string
  updated_at: string
}

const seg = encodeURIComponent
const keys = {
  all: ['handovers'] as const,
  one: (id: string) => ['handovers', 'one', id] as const,
  preview: (request: HandoverRequest) => ['handovers', 'preview', request] as const,
  // Beside the user's record, so that it is read anew when the user changes.
  holdings: (id: string) => ['records', 'user', 'holdings', id] as const,
}

const store = (handover: Handover) => {
  if (handover.state === 'running') noteStarted(handover.id)
  queryClient.setQueryData(keys.one(handover.id), handover)
  void queryClient.invalidateQueries({ queryKey: keys.all, exact: true })
}

export function useHoldings(id: string | undefined, options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.holdings(id ?? ''),
    queryFn: ({ signal }) => api.get<Holdings>(`/users/${seg(id ?? '')}/holdings`, { signal }),
    enabled: id !== undefined && (options.enabled ?? true),
    staleTime: 0,
  })
}

/** What a handover would move now; nothing is kept of it. */
export function useHandoverPreview(request: HandoverRequest | undefined) {
  return useQuery({
    queryKey: keys.preview(request ?? { parts: [] }),
    queryFn: ({ signal }) => api.post<HandoverPreview>('/handovers/preview', request, { signal }),
    enabled: request !== undefined,
    staleTime: 0,
    gcTime: 0,
  })
}

export function useStartHandover() {
  return useMutation<Handover, ApiError, { request: HandoverRequest; idempotencyKey: string }>({
    mutationFn: ({ request, idempotencyKey }) =>
      api.post<Handover>('/handovers', request, { idempotencyKey }),
    onSuccess: store,
  })
}

export function useHandovers(options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.all,
    queryFn: async ({ signal }) => (await api.get<{ items: Handover[] }>('/handovers', { signal })).items,
    enabled: options.enabled ?? true,
    staleTime: 0,
    refetchInterval: (q) => (q.state.data?.some((h) => h.state === 'running') ? 2000 : false),
  })
}

/** Reads on by itself while it runs, and brings what it moved up to date when it ends. */
export function useHandover(id: string | undefined, every = 700) {
  return useQuery({
    queryKey: keys.one(id ?? ''),
    queryFn: async ({ signal }) => {
      const before = queryClient.getQueryData<Handover>(keys.one(id ?? ''))
      const handover = await api.get<Handover>(`/handovers/${seg(id ?? '')}`, { signal })
      if (handover.state !== 'running' && before?.state === 'running') {
        const objects = new Set(handover.by_object.map((part) => part.object))
        for (const object of objects) refreshObject(object)
        if (handover.deactivate) refreshObject('user')
        void queryClient.invalidateQueries({ queryKey: keys.all, exact: true })
      }
      return handover
    },
    enabled: id !== undefined,
    staleTime: 0,
    refetchInterval: (q) => (q.state.data?.state === 'running' ? every : false),
  })
}

export function useHandoverVerb(verb: 'cancel' | 'resume' | 'undo') {
  return useMutation<Handover, ApiError, string>({
    mutationFn: (id) => api.post<Handover>(`/handovers/${seg(id)}/${verb}`),
    // Cancelling is asked for; the state follows with the next look.
    onSuccess: store,
    onError: (_, id) => void queryClient.invalidateQueries({ queryKey: keys.one(id) }),
  })
}
