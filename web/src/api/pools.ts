import { type QueryKey, useMutation, useQuery } from '@tanstack/react-query'
import { patchRecord, refreshObject } from './cache'
import { useCatalogue } from './catalogue'
import { type ApiError, api, isApiError, recordPath } from './client'
import { keys, queryClient } from './queryClient'
import type { Catalogue, FilterExpr, ListQuery, RecordData, RecordPage, Ref } from './types'

/** A pool the viewer is a member or an administrator of. */
export interface Pool {
  id: string
  name: string
  object: string
  /** Those of them he may see. */
  records: number
  claimed_today: number
  /** Per person and day; null: as many as one likes. */
  daily_claim_limit: number | null
  admin: boolean
  cooldown_days: number | null
  protect_days: number | null
  /** Fields of what lies in it that the viewer sees only after claiming. */
  hidden_fields: string[]
}

/** A record of the viewer's own that goes back to a pool soon. */
export interface Recycling {
  object: string
  id: string
  title: string | null
  recycle_at: string
  pool: Ref | null
  rule: string | Ref | null
}

/** Objects whose records can lie in a pool. */
export const pooled = ({ objects }: Catalogue) =>
  Object.values(objects).filter((o) => o.fields.pool?.to === 'pool')

/** Nothing is asked in a workspace without pools. */
export function usePools() {
  const there = pooled(useCatalogue()).length > 0
  return useQuery({
    queryKey: keys.pools,
    queryFn: async ({ signal }) => (await api.get<{ items: Pool[] }>('/figures/pools', { signal })).items,
    enabled: there,
  })
}

export const refreshPools = () => void queryClient.invalidateQueries({ queryKey: keys.pools })

export function useRecycling(options: { enabled?: boolean } = {}) {
  const there = Object.values(useCatalogue().objects).some((o) => o.fields.recycle_at !== undefined)
  return useQuery({
    queryKey: keys.recycling,
    queryFn: async ({ signal }) =>
      (await api.get<{ items: Recycling[] }>('/figures/recycling', { signal })).items,
    enabled: there && (options.enabled ?? true),
  })
}

/** What lies in a pool. */
export const inPool = (pool: string): FilterExpr => ['pool', '=', pool]

/** Today's claims are used up. */
export const usedUp = (pool: Pool) =>
  pool.daily_claim_limit !== null && pool.claimed_today >= pool.daily_claim_limit

interface Lists {
  pages: RecordPage[]
}

/** Where a row stood before it was taken out of a list. */
export interface Taken {
  list: QueryKey
  page: number
  index: number
  row: RecordData
}

/** Takes records out of the lists of their pool only: elsewhere they stay, with an owner. */
export function takeOut(object: string, pool: string, ids: readonly string[]): Taken[] {
  const gone = new Set(ids)
  const named = JSON.stringify(inPool(pool))
  const taken: Taken[] = []
  for (const [list, data] of queryClient.getQueriesData<Lists>({ queryKey: keys.lists(object) })) {
    const { filter } = (list[3] as ListQuery | undefined) ?? {}
    if (!data || !JSON.stringify(filter ?? null).includes(named)) continue
    const before = taken.length
    data.pages.forEach((p, page) => {
      p.items.forEach((row, index) => {
        if (gone.has(row.id)) taken.push({ list, page, index, row })
      })
    })
    if (taken.length === before) continue
    queryClient.setQueryData<Lists>(list, {
      ...data,
      pages: data.pages.map((p) => ({ ...p, items: p.items.filter((row) => !gone.has(row.id)) })),
    })
  }
  return taken
}

/** Back to where they were, unless the list has them again by now. */
export function putBack(taken: readonly Taken[]) {
  for (const { list, page, index, row } of taken) {
    queryClient.setQueryData<Lists>(list, (data) => {
      if (!data?.pages[page] || data.pages.some((p) => p.items.some((r) => r.id === row.id))) return data
      return {
        ...data,
        pages: data.pages.map((p, at) =>
          at === page ? { ...p, items: [...p.items.slice(0, index), row, ...p.items.slice(index)] } : p,
        ),
      }
    })
  }
}

/** Somebody else has it or it is no more: the row has nothing to come back to. */
export const goneForGood = (error: unknown) =>
  isApiError(error) && (['already_claimed', 'not_in_pool'].includes(error.code) || error.status === 404)

export interface ClaimInput {
  id: string
  /** Where it lies. */
  pool: string
  /** Probably refused (today's claims are used up): the row stays until the server has said so. */
  wait?: boolean
}

const claiming = (object: string) => ['claim', object]

/** Optimistic: the row leaves the pool's list at once and comes back if the server refuses. */
export function useClaim(object: string) {
  return useMutation<RecordData, ApiError, ClaimInput, Taken[]>({
    mutationKey: claiming(object),
    mutationFn: ({ id }) => api.post<RecordData>(recordPath(object, id, 'actions', 'claim'), {}),
    onMutate: async ({ id, pool, wait }) => {
      // An answer on its way, from before, would show rows again that have just been taken.
      await queryClient.cancelQueries({ queryKey: keys.lists(object) })
      return wait ? [] : takeOut(object, pool, [id])
    },
    onSuccess: (record, { id, pool }) => {
      takeOut(object, pool, [id])
      if (record && typeof record === 'object') patchRecord(object, id, record)
    },
    onError: (error, _, taken) => {
      if (taken && !goneForGood(error)) putBack(taken)
    },
    onSettled: () => {
      // Several in a row: read again once, after the last.
      if (queryClient.isMutating({ mutationKey: claiming(object) }) > 1) return
      refreshObject(object)
      refreshPools()
    },
  })
}

/** What moves records into pools and out of them. */
const moves = ['claim', 'assign', 'release']
export const refreshMoved = (action: string) => {
  if (!moves.includes(action)) return
  refreshPools()
  void queryClient.invalidateQueries({ queryKey: keys.recycling })
}
