import { useQueries } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { type ApiError, api, isApiError, listParams, recordPath } from '@/api/client'
import { viewerId } from '@/api/hooks'
import { keys, queryClient } from '@/api/queryClient'
import type { ListQuery, RecordData, RecordPage } from '@/api/types'
import { type Line, lineAt, lineCount, type RecordGroup, type Segment } from '../model/grouping'
import { type Chain, chainLength, learn, locate, newChain, PAGE_SIZE } from '../model/pages'

/** One list of records: the whole, or one group's part. */
export interface RowList {
  key: string
  query: ListQuery
  /** Heading above it, with whether its rows are shown. */
  group?: RecordGroup
  open?: boolean
}

export interface Rows {
  lines: number
  lineAt(position: number): Line | null
  /** Undefined while its page is on the way. */
  record(list: string, index: number): RecordData | undefined
  /** Ids of everything loaded, in order. */
  loadedIds(): string[]
  /** Known to be empty, as opposed to not loaded yet. */
  empty: boolean
  loading: boolean
  error: ApiError | null
  retry(): void
}

/** How far a list had been read, so that coming back finds the same place without reading from the top. */
const remembered = new Map<string, Chain>()
const REMEMBER_AT_MOST = 200

function remember(key: string, chain: Chain) {
  remembered.delete(key)
  remembered.set(key, chain)
  if (remembered.size > REMEMBER_AT_MOST) {
    const oldest = remembered.keys().next().value
    if (oldest !== undefined) remembered.delete(oldest)
  }
}

/** Same shape as an infinite query of one page: writes patch all cached lists alike (src/api/cache.ts). */
interface OnePage {
  pages: [RecordPage]
  pageParams: [string | null]
}

function pageQuery(object: string, query: ListQuery, cursor: string | null) {
  return {
    queryKey: keys.list(object, { ...query, cursor }),
    queryFn: async ({ signal }: { signal: AbortSignal }): Promise<OnePage> => {
      const first = cursor === null
      const page = await api.get<RecordPage>(recordPath(object), {
        // `seek` opens the first page only; from there the cursor knows the place.
        query: {
          ...listParams({ ...query, limit: PAGE_SIZE, seek: first ? query.seek : undefined }),
          cursor,
        },
        signal,
      })
      return { pages: [page], pageParams: [cursor] }
    },
  }
}

// Per person: another one signing in at this window sees other rows.
const chainKey = (object: string, query: ListQuery) => `${viewerId()} ${object} ${JSON.stringify(query)}`

/** Rows of one or several lists behind a virtual scroller that shows lines `from` to `to`. */
export function useRows(object: string, lists: RowList[], from: number, to: number): Rows {
  const [, redraw] = useState(0)
  const chains = useRef(remembered)
  const chainOf = useCallback(
    (query: ListQuery): Chain => chains.current.get(chainKey(object, query)) ?? newChain(),
    [object],
  )

  const segments: Segment[] = lists.flatMap((list): Segment[] => {
    const chain = chainOf(list.query)
    // A group's size is known from the count, so its placeholders are exactly as many as will come.
    const known = chain.lengths.reduce((a, b) => a + b, 0)
    const coming = list.group ? Math.max(0, Math.min(PAGE_SIZE, list.group.count - known)) : PAGE_SIZE
    const rows: Segment = { kind: 'rows', list: list.key, count: chainLength(chain, coming) }
    if (!list.group) return [rows]
    const header: Segment = { kind: 'header', group: list.group }
    return list.open ? [header, rows] : [header]
  })
  const lines = lineCount(segments)

  // Pages under the lines in view, and the one that follows within sight of the end.
  const wanted = new Map<string, { list: RowList; page: number; cursor: string | null }>()
  const byKey = new Map(lists.map((l) => [l.key, l]))
  for (let at = Math.max(0, from - 10); at <= Math.min(lines - 1, to + 40); at += 1) {
    const line = lineAt(segments, at)
    if (line?.kind !== 'row') continue
    const list = byKey.get(line.list)
    if (!list) continue
    const chain = chainOf(list.query)
    const { page } = locate(chain, line.index)
    const cursor = chain.cursors[page]
    if (cursor !== undefined) wanted.set(`${list.key} ${page}`, { list, page, cursor })
  }
  // A list that was empty when it was read has no line to look at, and must still hear of what comes into it.
  for (const list of lists) {
    if (!list.group && chainLength(chainOf(list.query), PAGE_SIZE) === 0)
      wanted.set(`${list.key} 0`, { list, page: 0, cursor: null })
  }
  const asked = [...wanted.values()]

  const results = useQueries({
    queries: asked.map(({ list, cursor }) => pageQuery(object, list.query, cursor)),
  })

  // Deliberately after every render: answers are compared with what is known, and only news draws again.
  useEffect(() => {
    let news = false
    asked.forEach(({ list, page, cursor }, i) => {
      const answer = results[i]?.data?.pages[0]
      const key = chainKey(object, list.query)
      if (cursor !== null && isApiError(results[i]?.error, 'bad_cursor')) {
        // Remembered from before the list changed its shape: read again from the top.
        remember(key, newChain())
        news = true
        return
      }
      const chain = chains.current.get(key) ?? newChain()
      if (!answer || chain.cursors[page] !== cursor) return
      const next = learn(chain, page, answer.items.length, answer.next)
      if (next === chain) return
      remember(key, next)
      news = true
    })
    if (news) redraw((n) => n + 1)
  })

  const record = (listKey: string, index: number): RecordData | undefined => {
    const list = byKey.get(listKey)
    if (!list) return undefined
    const chain = chainOf(list.query)
    const { page, offset } = locate(chain, index)
    const cursor = chain.cursors[page]
    if (cursor === undefined) return undefined
    const data = queryClient.getQueryData<OnePage>(keys.list(object, { ...list.query, cursor }))
    return data?.pages[0].items[offset]
  }

  const loadedIds = () =>
    lists.flatMap((list) => {
      if (list.group && !list.open) return []
      return chainOf(list.query).cursors.flatMap((cursor) => {
        const data = queryClient.getQueryData<OnePage>(keys.list(object, { ...list.query, cursor }))
        return data?.pages[0].items.map((r) => r.id) ?? []
      })
    })

  const failed = results.find((r) => r.isError && !r.data)
  const whole = lists[0]
  return {
    lines,
    lineAt: (position) => lineAt(segments, position),
    record,
    loadedIds,
    empty: lists.length === 0 || (lists.length === 1 && !whole?.group && lines === 0),
    loading: results.some((r) => r.isPending),
    error: failed ? (failed.error as ApiError) : null,
    retry: () => {
      for (const r of results) if (r.isError) void r.refetch()
    },
  }
}

/** Goes on reading a list beyond what is loaded: "next record" at the end of the last page. */
export async function readOn(object: string, query: ListQuery): Promise<string[]> {
  const key = chainKey(object, query)
  const chain = remembered.get(key)
  if (!chain || chain.complete) return []
  const page = chain.lengths.length
  const cursor = chain.cursors[page]
  if (cursor === undefined || cursor === null) return []
  const data = await queryClient.fetchQuery(pageQuery(object, query, cursor))
  const [answer] = data.pages
  remember(key, learn(chain, page, answer.items.length, answer.next))
  return answer.items.map((r) => r.id)
}

/** Stable while its parts are equal, so that a fresh object each render does not ask again. */
export function useStable<T>(value: T): T {
  const text = JSON.stringify(value)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the value
  return useMemo(() => value, [text])
}
