import { QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { cleanup, configure, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startEvents } from '@/api/events'
import { keys, queryClient } from '@/api/queryClient'
import { startI18n } from '@/locales'
import { desktopState, switchDesktop } from './desktop'
import { News } from './News'

/** A stream of events in the test's hand. */
class Source extends EventTarget {
  static last: Source
  static CLOSED = 2
  readyState = 1
  constructor() {
    super()
    Source.last = this
  }
  close() {}
}
const told = vi.fn()
class Desktop {
  static permission = 'granted'
  static requestPermission = vi.fn(async () => Desktop.permission)
  constructor(title: string, options: object) {
    told(title, options)
  }
}
const note = (id: string) => ({
  id,
  kind: 'task.due',
  label: '任务到期',
  object: null,
  record: null,
  title: '给王总回电',
  actor: null,
  count: 1,
  moment: null,
  excerpt: null,
  at: `2026-11-22T0${id}:00:00Z`,
  read_at: null,
})
let items = [note('1')]
let stop = () => {}

// A machine that builds beside it is slow to draw whole pages.
configure({ asyncUtilTimeout: 8000 })
vi.setConfig({ testTimeout: 30_000 })

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
})
beforeEach(() => {
  items = [note('1')]
  told.mockClear()
  Desktop.permission = 'granted'
  vi.stubGlobal('EventSource', Source)
  vi.stubGlobal('Notification', Desktop)
  vi.stubGlobal(
    'fetch',
    async () =>
      new Response(JSON.stringify({ items, next: null, unread: items.length }), {
        headers: { 'Content-Type': 'application/json' },
      }),
  )
  queryClient.setQueryData(keys.catalogue, { objects: {}, modules: [], abilities: [] })
  queryClient.setQueryData(keys.session, null)
  stop = startEvents(() => {})
})
afterEach(() => {
  stop()
  cleanup()
  queryClient.clear()
  localStorage.clear()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

async function show() {
  const router = createRouter({
    routeTree: createRootRoute({ component: News }),
    history: createMemoryHistory({ initialEntries: ['/'] }),
  })
  await router.load()
  render(
    <QueryClientProvider client={queryClient}>
      {/* biome-ignore lint/suspicious/noExplicitAny: the page's own routes are registered, these are the test's */}
      <RouterProvider router={router as any} />
    </QueryClientProvider>,
  )
  await waitFor(() => expect(queryClient.getQueryData(keys.unread)).toBe(1))
}
const event = () => Source.last.dispatchEvent(new Event('notification'))

describe('what comes while the page is open', () => {
  it('is counted and said politely; what was there before is not', async () => {
    await show()
    const news = screen.getByTestId('news')
    expect(news.textContent).toBe('')
    expect(news.getAttribute('aria-live')).toBe('polite')
    items = [note('2'), ...items]
    event()
    await waitFor(() => expect(news.textContent).toBe('新通知：任务到期 · 给王总回电'))
    expect(queryClient.getQueryData(keys.unread)).toBe(2)
    items = [note('4'), note('3'), ...items]
    event()
    await waitFor(() => expect(news.textContent).toBe('新通知：收到 2 条新通知'))
  })

  it('is said on the desktop only where that was switched on, and the page is not looked at', async () => {
    await show()
    const looked = vi.spyOn(document, 'hasFocus').mockReturnValue(false)
    items = [note('2'), ...items]
    event()
    await waitFor(() => expect(queryClient.getQueryData(keys.unread)).toBe(2))
    expect(told).not.toHaveBeenCalled()

    expect(await switchDesktop(true)).toBe('on')
    items = [note('3'), ...items]
    event()
    await waitFor(() => expect(told).toHaveBeenCalledTimes(1))
    expect(told.mock.calls[0]).toEqual([
      '任务到期',
      expect.objectContaining({ tag: '3', body: '给王总回电' }),
    ])

    looked.mockReturnValue(true)
    items = [note('4'), ...items]
    event()
    await waitFor(() => expect(queryClient.getQueryData(keys.unread)).toBe(4))
    expect(told).toHaveBeenCalledTimes(1)
  })

  it('asks for the permission only when it is switched on, and takes a no for a no', async () => {
    Desktop.permission = 'default'
    expect(desktopState()).toBe('off')
    expect(Desktop.requestPermission).not.toHaveBeenCalled()
    Desktop.requestPermission.mockImplementationOnce(async () => {
      Desktop.permission = 'denied'
      return 'denied'
    })
    expect(await switchDesktop(true)).toBe('denied')
    Desktop.permission = 'granted'
    expect(desktopState()).toBe('off')
  })
})
