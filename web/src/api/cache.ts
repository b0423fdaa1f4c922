import type { InfiniteData } from '@tanstack/react-query'
import { keys, queryClient } from './queryClient'
import type { ListQuery, RecordData, RecordPage } from './types'

/** Changes of one record inside everything already loaded, without asking the server. */

type Lists = InfiniteData<RecordPage>

/** Lists may hold a part of the fields (`fields=`); only what a row already shows is written, plus id and version. */
function merge(row: RecordData, change: Partial<RecordData>, columns: string[] | undefined): RecordData {
  const next: RecordData = { ...row }
  for (const [key, value] of Object.entries(change)) {
    if (key === 'version' || columns === undefined || key in row || columns.includes(key)) next[key] = value
  }
  return next
}

export function patchRecord(object: string, id: string, change: Partial<RecordData>) {
  queryClient.setQueryData<RecordData>(keys.one(object, id), (old) => (old ? { ...old, ...change } : old))
  for (const [key, data] of queryClient.getQueriesData<Lists>({ queryKey: keys.lists(object) })) {
    if (!data?.pages.some((p) => p.items.some((r) => r.id === id))) continue
    const columns = (key[3] as ListQuery | undefined)?.fields
    queryClient.setQueryData<Lists>(key, {
      ...data,
      pages: data.pages.map((page) => ({
        ...page,
        items: page.items.map((row) => (row.id === id ? merge(row, change, columns) : row)),
      })),
    })
  }
}

export function dropRecords(object: string, ids: readonly string[]) {
  const gone = new Set(ids)
  for (const [key, data] of queryClient.getQueriesData<Lists>({ queryKey: keys.lists(object) })) {
    if (!data) continue
    const lost = data.pages.reduce((n, p) => n + p.items.filter((r) => gone.has(r.id)).length, 0)
    if (lost === 0) continue
    queryClient.setQueryData<Lists>(key, {
      ...data,
      pages: data.pages.map((page) => ({
        ...page,
        total: page.total === undefined ? undefined : Math.max(0, page.total - lost),
        items: page.items.filter((row) => !gone.has(row.id)),
      })),
    })
  }
}

/** The newest state of a record that any cache holds. */
export function cachedRecord(object: string, id: string): RecordData | undefined {
  let best = queryClient.getQueryData<RecordData>(keys.one(object, id))
  for (const [, data] of queryClient.getQueriesData<Lists>({ queryKey: keys.lists(object) })) {
    for (const page of data?.pages ?? []) {
      const row = page.items.find((r) => r.id === id)
      if (row && (!best || row.version > best.version)) best = row
    }
  }
  return best
}

/**
 * After a write: figures are counted again, and lists whose filter names a changed field are read again. Other lists keep
 * their place (a row does not jump away under the hand that edits it) and are only marked old.
 */
export function refreshAfterWrite(object: string, id: string, fields: readonly string[]) {
  const touches = (query: ListQuery | undefined) => {
    const filter = JSON.stringify(query?.filter ?? null)
    return fields.some((f) => filter.includes(`"${f}"`) || filter.includes(`"${f}.`))
  }
  void queryClient.invalidateQueries({
    queryKey: keys.lists(object),
    predicate: (q) => touches(q.queryKey[3] as ListQuery | undefined),
  })
  void queryClient.invalidateQueries({ queryKey: keys.lists(object), refetchType: 'none' })
  void queryClient.invalidateQueries({ queryKey: keys.aggregates(object) })
  void queryClient.invalidateQueries({ queryKey: keys.history(object, id) })
  refreshTimelines()
}

/** Any record may stand in the timeline of another, so all open ones are read again (there is rarely more than one). */
export function refreshTimelines() {
  void queryClient.invalidateQueries({
    predicate: (q) => q.queryKey[0] === 'records' && q.queryKey[2] === 'timeline',
  })
}

export function refreshObject(object: string) {
  void queryClient.invalidateQueries({ queryKey: keys.object(object) })
  refreshTimelines()
}
