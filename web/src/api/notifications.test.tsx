import { QueryClientProvider } from '@tanstack/react-query'
import { act, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  type Notification,
  type NotificationPage,
  useMark,
  useMarkAll,
  useNotifications,
  weave,
} from './notifications'
import { keys, queryClient } from './queryClient'

const note = (id: string, more: Partial<Notification> = {}): Notification => ({
  id,
  kind: 'task.due',
  label: '任务到期',
  object: 'task',
  record: `r${id}`,
  title: `任务${id}`,
  actor: null,
  count: 1,
  moment: null,
  excerpt: null,
  at: `2026-11-22T0${id}:00:00Z`,
  read_at: null,
  ...more,
})

afterEach(() => {
  queryClient.clear()
  vi.unstubAllGlobals()
})

const wrapper = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
)
const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })

describe('kinds woven together', () => {
  /** Two pages of each kind; the page is the cursor. */
  const kinds: Record<string, Notification[][]> = {
    a: [[note('9'), note('7')], [note('2')]],
    b: [[note('8'), note('1')]],
    none: [[]],
  }
  const read = vi.fn(async (kind: string, cursor: string | null) => {
    const page = Number(cursor ?? 0)
    const pages = kinds[kind] ?? []
    return { items: pages[page] ?? [], next: page + 1 < pages.length ? String(page + 1) : null }
  })

  it('keep their order in time, and show nothing before what may still be newer', async () => {
    const first = await weave(['a', 'b', 'none'], {}, read)
    // 1 waits: the rest of `a` could be newer.
    expect(first.items.map((n) => n.id)).toEqual(['9', '8', '7'])
    const second = await weave(['a', 'b', 'none'], first.next ?? {}, read)
    expect(second.items.map((n) => n.id)).toEqual(['2', '1'])
    expect(second.next).toBeNull()
    // Nothing is asked for twice.
    expect(read).toHaveBeenCalledTimes(4)
  })
  it('can be read again from the same place', async () => {
    const first = await weave(['a', 'b'], {}, read)
    const place = structuredClone(first.next)
    await weave(['a', 'b'], first.next ?? {}, read)
    expect(first.next).toEqual(place)
  })
})

describe('the list', () => {
  it('asks for its filter, reads on by the cursor and learns how many are unread', async () => {
    const fetched = vi.fn(async (path: string) =>
      json(
        path.includes('cursor=more')
          ? { items: [note('1')], next: null, unread: 2 }
          : { items: [note('2')], next: 'more', unread: 2 },
      ),
    )
    vi.stubGlobal('fetch', fetched)
    const { result } = renderHook(() => useNotifications({ unread: true, kinds: [] }), { wrapper })
    await waitFor(() => expect(result.current.hasNextPage).toBe(true))
    await act(() => result.current.fetchNextPage())
    await waitFor(() => expect(result.current.data?.pages).toHaveLength(2))
    expect(result.current.hasNextPage).toBe(false)
    expect(fetched.mock.calls[0]?.[0]).toBe('/api/v1/notifications?unread=true&limit=30')
    expect(queryClient.getQueryData(keys.unread)).toBe(2)
  })
})

describe('marking', () => {
  const list = keys.notificationList({ kinds: [] })
  const shown = () =>
    queryClient
      .getQueryData<{ pages: NotificationPage[] }>(list)
      ?.pages.flatMap((p) => p.items)
      .map((n) => n.read_at !== null)
  const given = (items: Notification[], unread: number) => {
    queryClient.setQueryData(list, { pages: [{ items, next: null }], pageParams: [{}] })
    queryClient.setQueryData(keys.unread, unread)
  }

  it('shows at once and asks in lots that the server takes', async () => {
    const many = Array.from({ length: 201 }, (_, i) => note('1', { id: String(i) }))
    given(many, 201)
    const fetched = vi.fn(async (_path: string, _init?: RequestInit) => json({ unread: 0 }))
    vi.stubGlobal('fetch', fetched)
    const { result } = renderHook(() => useMark(), { wrapper })
    act(() => result.current.mutate({ ids: many.map((n) => n.id), read: true }))
    await waitFor(() => expect(queryClient.getQueryData(keys.unread)).toBe(0))
    await waitFor(() => expect(result.current.isSuccess).toBe(true))
    expect(shown()?.every(Boolean)).toBe(true)
    const sent = fetched.mock.calls.map(([, init]) => JSON.parse(String(init?.body)).ids.length)
    expect(sent).toEqual([200, 1])
  })
  it('takes it back when the server refuses', async () => {
    given([note('1'), note('2', { read_at: '2026-11-22T03:00:00Z' })], 1)
    vi.stubGlobal('fetch', async () => json({ title: 'no', status: 500, code: 'internal' }, 500))
    const { result } = renderHook(() => useMark(), { wrapper })
    act(() => result.current.mutate({ ids: ['1'], read: true }))
    await waitFor(() => expect(result.current.isError).toBe(true))
    expect(queryClient.getQueryState(list)?.isInvalidated).toBe(true)
  })
  it('marks all by name, so that just those can become unread again', async () => {
    given([note('1'), note('2')], 2)
    const fetched = vi.fn(async (path: string, init?: RequestInit) =>
      init?.method === 'POST'
        ? json({ unread: 0 })
        : json(
            path.includes('cursor')
              ? { items: [note('2')], next: null, unread: 2 }
              : { items: [note('1')], next: 'c', unread: 2 },
          ),
    )
    vi.stubGlobal('fetch', fetched)
    const { result } = renderHook(() => useMarkAll(), { wrapper })
    act(() => result.current.mutate({ everything: false }))
    await waitFor(() => expect(result.current.data).toEqual(['1', '2']))
    const sent = fetched.mock.calls.find(([, init]) => init?.method === 'POST')
    expect(sent?.[0]).toBe('/api/v1/notifications/read')
    expect(JSON.parse(String(sent?.[1]?.body))).toEqual({ ids: ['1', '2'] })
    expect(shown()).toEqual([true, true])
  })
})
