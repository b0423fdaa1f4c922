import { type InfiniteData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { type ApiError, api } from './client'
import { keys, queryClient } from './queryClient'
import type { Ref } from './types'

/** Something the viewer is told. What kinds there are comes from the definitions; the page knows none by name but the two built-in. */
export interface Notification {
  id: string
  kind: string
  label: string
  object: string | null
  record: string | null
  /** Null: he may not see the record (any more), so there is nothing to go to. */
  title: string | null
  /** Nobody: the system itself. */
  actor: Ref | null
  /** How many records it stands for. */
  count: number
  /** What it reminds of is due at. */
  moment: string | null
  /** Of the text that mentions him. */
  excerpt: string | null
  at: string
  read_at: string | null
}

interface Answer {
  items: Notification[]
  next: string | null
  unread: number
}

/** `[]` for kinds: all of them. */
export interface NotificationFilter {
  unread?: boolean
  kinds: string[]
}

/** Where reading on begins in each kind: after a cursor, with what was read but does not stand in the list yet. */
interface Place {
  cursor: string | null
  /** Everything of this kind has been read. */
  ended: boolean
  ahead: Notification[]
}
type Places = Record<string, Place>

export interface NotificationPage {
  items: Notification[]
  next: Places | null
}

const PAGE = 30
/** The most that one request may name. */
const MOST_IDS = 200
/** So many are marked one by one, which can be taken back; more than this all at once. */
export const MOST_UNDOABLE = 1000

type Read = (kind: string, cursor: string | null) => Promise<Pick<Answer, 'items' | 'next'>>

/**
 * The server lists one kind or all. Several kinds are read side by side and woven together by time: nothing may be shown while
 * a kind that has not been read so far down could still have something newer.
 */
export async function weave(kinds: string[], places: Places, read: Read): Promise<NotificationPage> {
  const next: Places = {}
  await Promise.all(
    kinds.map(async (kind) => {
      const place = places[kind] ?? { cursor: null, ended: false, ahead: [] }
      if (place.ahead.length > 0 || place.ended) {
        next[kind] = { ...place }
        return
      }
      const answer = await read(kind, place.cursor)
      next[kind] = { cursor: answer.next, ended: answer.next === null, ahead: answer.items }
    }),
  )
  const items: Notification[] = []
  const all = Object.values(next)
  while (all.every((p) => p.ended || p.ahead.length > 0)) {
    const newest = all.reduce<Place | undefined>((best, p) => {
      const [mine, his] = [p.ahead[0], best?.ahead[0]]
      return mine && (!his || mine.at > his.at) ? p : best
    }, undefined)
    const [first, ...rest] = newest?.ahead ?? []
    if (!newest || !first) break
    newest.ahead = rest
    items.push(first)
  }
  return { items, next: all.every((p) => p.ended && p.ahead.length === 0) ? null : next }
}

export function useNotifications(filter: NotificationFilter, options: { enabled?: boolean } = {}) {
  const kinds = filter.kinds.length > 0 ? filter.kinds : ['']
  return useInfiniteQuery({
    queryKey: keys.notificationList(filter),
    queryFn: ({ pageParam, signal }) =>
      weave(kinds, pageParam, async (kind, cursor) => {
        const answer = await api.get<Answer>('/notifications', {
          query: { unread: filter.unread || undefined, kind, cursor, limit: PAGE },
          signal,
        })
        queryClient.setQueryData(keys.unread, answer.unread)
        return answer
      }),
    initialPageParam: {} as Places,
    getNextPageParam: (last: NotificationPage) => last.next,
    enabled: options.enabled ?? true,
    staleTime: 15_000,
  })
}

export function useUnread() {
  return useQuery({
    queryKey: keys.unread,
    queryFn: async ({ signal }) =>
      (await api.get<{ unread: number }>('/notifications/unread', { signal })).unread,
    staleTime: 60_000,
  })
}

/** The newest that have not been read, for telling of what has just come. */
export const newestUnread = (limit = 5) =>
  api.get<Answer>('/notifications', { query: { unread: true, limit } }).then((a) => {
    queryClient.setQueryData(keys.unread, a.unread)
    return a.items
  })

type Lists = InfiniteData<NotificationPage>

/** In the lists as they stand; one that is read stays in the list of unread ones until that is opened again. */
function show(ids: ReadonlySet<string> | 'all', read_at: string | null) {
  let changed = 0
  const seen = new Set<string>()
  for (const [key, data] of queryClient.getQueriesData<Lists>({ queryKey: keys.notificationLists })) {
    if (!data) continue
    queryClient.setQueryData<Lists>(key, {
      ...data,
      pages: data.pages.map((page) => ({
        ...page,
        items: page.items.map((n) => {
          if ((ids !== 'all' && !ids.has(n.id)) || (n.read_at === null) === (read_at === null)) return n
          if (!seen.has(n.id)) changed++
          seen.add(n.id)
          return { ...n, read_at }
        }),
      })),
    })
  }
  queryClient.setQueryData<number>(keys.unread, (n) =>
    n === undefined ? n : ids === 'all' ? 0 : Math.max(0, n + (read_at === null ? changed : -changed)),
  )
}

/** After the answer: the figure is the server's, and lists that are not on the page are old. */
function settle(unread: number | undefined) {
  if (unread !== undefined) queryClient.setQueryData(keys.unread, unread)
  void queryClient.invalidateQueries({ queryKey: keys.notificationLists, refetchType: 'none' })
}

async function inLots(path: string, ids: readonly string[]): Promise<number | undefined> {
  let unread: number | undefined
  for (let i = 0; i < ids.length; i += MOST_IDS) {
    unread = (await api.post<{ unread: number }>(path, { ids: ids.slice(i, i + MOST_IDS) })).unread
  }
  return unread
}

/** Optimistic; taken back if the server refuses. */
export function useMark() {
  return useMutation<number | undefined, ApiError, { ids: string[]; read: boolean }>({
    mutationFn: ({ ids, read }) => inLots(`/notifications/${read ? 'read' : 'unread'}`, ids),
    onMutate: async ({ ids, read }) => {
      await queryClient.cancelQueries({ queryKey: keys.notifications })
      show(new Set(ids), read ? new Date().toISOString() : null)
    },
    onSuccess: settle,
    onError: () => queryClient.invalidateQueries({ queryKey: keys.notifications }),
  })
}

async function allUnread(): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const page: Answer = await api.get<Answer>('/notifications', {
      query: { unread: true, limit: 100, cursor },
    })
    ids.push(...page.items.map((n) => n.id))
    cursor = page.next
  } while (cursor && ids.length < MOST_UNDOABLE)
  return ids
}

/**
 * Marks by name what is unread now, so that just those can become unread again and nothing that comes meanwhile passes unseen.
 * `everything`: too many to name. Answers what can be taken back.
 */
export function useMarkAll() {
  return useMutation<string[], ApiError, { everything: boolean }>({
    mutationFn: async ({ everything }) => {
      if (everything) {
        settle((await api.post<{ unread: number }>('/notifications/read', { all: true })).unread)
        return []
      }
      const ids = await allUnread()
      settle(await inLots('/notifications/read', ids))
      return ids
    },
    onMutate: async () => {
      await queryClient.cancelQueries({ queryKey: keys.notifications })
      show('all', new Date().toISOString())
    },
    onError: () => queryClient.invalidateQueries({ queryKey: keys.notifications }),
  })
}

export const mailings = ['none', 'now', 'daily'] as const
export type Mailing = (typeof mailings)[number]

export interface KindSetting {
  kind: string
  label: string
  /** The object it is about; an empty name for what is about none. */
  group: { name: string; label: string }
  in_app: boolean
  mail: Mailing
}

export interface NotificationSettings {
  mail_available: boolean
  email: string | null
  kinds: KindSetting[]
}

export function useNotificationSettings(options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.notificationSettings,
    queryFn: ({ signal }) => api.get<NotificationSettings>('/notifications/settings', { signal }),
    staleTime: 5 * 60_000,
    enabled: options.enabled ?? true,
  })
}

export type KindChanges = Record<string, Partial<Pick<KindSetting, 'in_app' | 'mail'>>>

/** Optimistic: a switch that waits for the server feels broken. */
export function useChangeNotificationSettings() {
  return useMutation<NotificationSettings, ApiError, KindChanges, NotificationSettings | undefined>({
    mutationFn: (kinds) => api.patch<NotificationSettings>('/notifications/settings', { kinds }),
    onMutate: async (changes) => {
      await queryClient.cancelQueries({ queryKey: keys.notificationSettings })
      const before = queryClient.getQueryData<NotificationSettings>(keys.notificationSettings)
      queryClient.setQueryData<NotificationSettings>(
        keys.notificationSettings,
        (s) => s && { ...s, kinds: s.kinds.map((k) => ({ ...k, ...changes[k.kind] })) },
      )
      return before
    },
    // Two switches one after the other: the answer to the first knows nothing of the second.
    onSuccess: (saved) => {
      if (queryClient.isMutating({ mutationKey: ['notification-settings'] }) <= 1)
        queryClient.setQueryData(keys.notificationSettings, saved)
    },
    onError: (_, __, before) => {
      queryClient.setQueryData(keys.notificationSettings, before)
      void queryClient.invalidateQueries({ queryKey: keys.notificationSettings })
    },
    mutationKey: ['notification-settings'],
  })
}
