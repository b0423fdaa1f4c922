import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { currentCatalogue } from './catalogue'
import { api, listParams, recordPath } from './client'
import { keys, queryClient } from './queryClient'
import type {
  AggregateRow,
  AggregateSpec,
  Attachment,
  Duplicate,
  HistoryEntry,
  ListQuery,
  Paged,
  RecordData,
  RecordPage,
  TimelineEntry,
} from './types'

interface ListOptions {
  enabled?: boolean
  /** Keep the rows of the query before until the new ones are here, so that a filter does not flash. Default true. */
  keepPrevious?: boolean
}

const list = (object: string, query: ListQuery) => ({
  queryKey: keys.list(object, query),
  queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) =>
    api.get<RecordPage>(recordPath(object), {
      // The total does not change between pages, so it is counted once.
      query: { ...listParams({ ...query, count: query.count && !pageParam }), cursor: pageParam },
      signal,
    }),
  initialPageParam: null as string | null,
  getNextPageParam: (last: RecordPage) => last.next,
})

/** `data.pages[].items`; `data.pages[0].total` with `count`. `fetchNextPage` reads on. */
export function useRecords(object: string, query: ListQuery = {}, options: ListOptions = {}) {
  return useInfiniteQuery({
    ...list(object, query),
    enabled: options.enabled ?? true,
    placeholderData: options.keepPrevious === false ? undefined : keepPreviousData,
  })
}

export const prefetchRecords = (object: string, query: ListQuery) =>
  queryClient.prefetchInfiniteQuery(list(object, query))

export const recordQuery = (object: string, id: string) => ({
  queryKey: keys.one(object, id),
  queryFn: ({ signal }: { signal: AbortSignal }) => api.get<RecordData>(recordPath(object, id), { signal }),
})

export function useRecord(object: string, id: string | undefined, options: { enabled?: boolean } = {}) {
  return useQuery({
    ...recordQuery(object, id ?? ''),
    enabled: id !== undefined && (options.enabled ?? true),
  })
}

/** On hover of a link, so that the page is there when the click comes. */
export const prefetchRecord = (object: string, id: string) =>
  queryClient.prefetchQuery({ ...recordQuery(object, id), staleTime: 30_000 })

export const aggregateQuery = (object: string, spec: AggregateSpec) => ({
  queryKey: keys.aggregate(object, spec),
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    (await api.post<{ rows: AggregateRow[] }>(recordPath(object, undefined, 'aggregate'), spec, { signal }))
      .rows,
})

export function useAggregate(object: string, spec: AggregateSpec, options: { enabled?: boolean } = {}) {
  return useQuery({
    ...aggregateQuery(object, spec),
    enabled: options.enabled ?? true,
    placeholderData: keepPreviousData,
  })
}

export function useHistory(object: string, id: string, options: { enabled?: boolean } = {}) {
  return useInfiniteQuery({
    queryKey: keys.history(object, id),
    queryFn: ({ pageParam, signal }) =>
      api.get<Paged<HistoryEntry>>(recordPath(object, id, 'history'), {
        query: { cursor: pageParam, limit: 30 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    enabled: options.enabled ?? true,
  })
}

export function useTimeline(object: string, id: string, options: { enabled?: boolean } = {}) {
  return useInfiniteQuery({
    queryKey: keys.timeline(object, id),
    queryFn: ({ pageParam, signal }) =>
      api.get<Paged<TimelineEntry>>(recordPath(object, id, 'timeline'), {
        query: { cursor: pageParam, limit: 30 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    enabled: options.enabled ?? true,
  })
}

export function useAttachments(object: string, id: string, options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.attachments(object, id),
    queryFn: async ({ signal }) => {
      const answer = await api.get<{ items: Attachment[] }>(recordPath(object, id, 'attachments'), { signal })
      return answer.items
    },
    enabled: options.enabled ?? true,
  })
}

/** Who else has this phone, name or tax number: asked while the form is being filled. */
export const findDuplicates = (object: string, values: Record<string, unknown>, signal?: AbortSignal) =>
  api
    .post<{ items: Duplicate[] }>(recordPath(object, undefined, 'duplicates'), values, { signal })
    .then((a) => a.items)

/** Every record of a tree object (departments, categories), which are few, for pickers and the tree page. */
export function useTree(object: string | undefined, title: string) {
  return useQuery({
    queryKey: keys.tree(object ?? ''),
    queryFn: async ({ signal }) => {
      // Departments have an order of their own; what has none stands by name.
      const sort = currentCatalogue()?.objects[object ?? '']?.layout.list?.sort ?? title
      const all: RecordData[] = []
      let cursor: string | null = null
      do {
        const page: RecordPage = await api.get<RecordPage>(recordPath(object ?? ''), {
          query: { ...listParams({ limit: 200, sort }), cursor },
          signal,
        })
        all.push(...page.items)
        cursor = page.next
      } while (cursor && all.length < 5000)
      return all
    },
    enabled: object !== undefined,
  })
}
