import { QueryClientProvider } from '@tanstack/react-query'
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from '@tanstack/react-router'
import { act, cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { App } from 'antd'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Notification } from '@/api/notifications'
import { keys, queryClient } from '@/api/queryClient'
import type { Catalogue } from '@/api/types'
import { setLanguage, startI18n } from '@/locales'
import { closeNotifications, openNotifications } from '@/modules/notifications/state'
import { field, object } from '@/records/model/testkit'
import Panel from './Panel'

const customer = {
  ...object([field('name', 'text'), field('owner', 'user')]),
  name: 'customer',
  label: { zh: '客户', en: 'Customer' },
  plural: { zh: '客户', en: 'Customers' },
}
const catalogue: Catalogue = {
  version: 't',
  workspace: {
    name: 'default',
    title: '测试',
    currency: 'CNY',
    time_zone: 'Asia/Shanghai',
    fiscal_year_start: 1,
    week_start: 1,
    demo: false,
  },
  abilities: [],
  modules: [],
  objects: { customer },
}
const note = (id: string, more: Partial<Notification> = {}): Notification => ({
  id,
  kind: 'customer.recycling',
  label: '客户即将回收',
  object: 'customer',
  record: `c${id}`,
  title: `客户${id}`,
  actor: null,
  count: 1,
  moment: null,
  excerpt: null,
  at: new Date(Date.now() - Number(id) * 60_000).toISOString(),
  read_at: null,
  ...more,
})

// A machine that builds beside it is slow to draw whole pages.
configure({ asyncUtilTimeout: 8000 })
vi.setConfig({ testTimeout: 30_000 })

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
})
afterEach(async () => {
  act(closeNotifications)
  cleanup()
  queryClient.clear()
  vi.unstubAllGlobals()
  await setLanguage('zh-CN')
})

interface Call {
  method: string
  path: string
  body: { ids?: string[]; all?: boolean }
}

async function show(items: Notification[], more: { fail?: boolean } = {}) {
  queryClient.setQueryData(keys.catalogue, catalogue)
  queryClient.setQueryData(keys.session, null)
  const calls: Call[] = []
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    calls.push({ method: init.method ?? 'GET', path, body: init.body ? JSON.parse(String(init.body)) : {} })
    const unread = items.filter((n) => n.read_at === null)
    const answer = path.includes('/settings')
      ? {
          mail_available: false,
          email: null,
          kinds: [
            {
              kind: 'customer.recycling',
              label: '客户即将回收',
              group: { name: 'customer', label: '客户' },
              in_app: true,
              mail: 'none',
            },
          ],
        }
      : init.method === 'POST' || path.includes('/unread')
        ? { unread: init.method === 'POST' ? 0 : unread.length }
        : { items: path.includes('unread=true') ? unread : items, next: null, unread: unread.length }
    return more.fail && path.includes('/notifications?')
      ? new Response(JSON.stringify({ title: '坏了', status: 400, code: 'bad' }), { status: 400 })
      : new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'application/json' } })
  })
  const root = createRootRoute({ component: Outlet })
  const at = (path: string, component: () => React.ReactNode) =>
    createRoute({ getParentRoute: () => root, path, component })
  const router = createRouter({
    routeTree: root.addChildren([
      at('/', () => <Panel sideWidth={232} />),
      at('/account', () => <p>account</p>),
      at('/o/$object', () => <p>list</p>),
      at('/o/$object/$id', () => <p>record</p>),
    ]),
    history: createMemoryHistory({ initialEntries: ['/'] }),
  })
  await router.load()
  render(
    <QueryClientProvider client={queryClient}>
      <App>
        {/* biome-ignore lint/suspicious/noExplicitAny: the page's own routes are registered, these are the test's */}
        <RouterProvider router={router as any} />
      </App>
    </QueryClientProvider>,
  )
  act(openNotifications)
  const posts = (path: string) => calls.filter((c) => c.method === 'POST' && c.path.endsWith(path))
  return { router, posts, calls }
}
// Not the button beside it that marks it.
const row = (text: RegExp) =>
  screen.findByRole('button', { name: (name) => text.test(name) && !/^(标为|Mark)/.test(name) })
const key = (k: string, more: object = {}) =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key: k, ...more })

describe('the notification centre', () => {
  it('says who did what, how many and when', async () => {
    const actor = { id: 'u', title: '张伟' }
    await show([
      note('1', { kind: 'assigned', label: '分配给我', count: 50_000, record: null, title: null, actor }),
      note('2', { kind: 'assigned', label: '分配给我', actor }),
      note('3', {
        kind: 'mentioned',
        label: '提到我',
        excerpt: '@李娜 请跟进',
        actor,
        read_at: '2026-11-22T00:00:00Z',
      }),
      note('4', { title: null }),
    ])
    expect(await row(/^未读\s*张伟把 50,000 个客户分配给你/)).toBeTruthy()
    expect(await row(/张伟把客户分配给你\s*客户2/)).toBeTruthy()
    expect(await row(/^张伟在客户中提到了你\s*客户3\s*@李娜 请跟进/)).toBeTruthy()
    expect(await row(/您已无权查看这条记录/)).toBeTruthy()
    expect(screen.getByRole('heading', { name: '今天' })).toBeTruthy()
    expect(await screen.findByRole('tab', { name: '客户' })).toBeTruthy()
    expect(screen.getByRole('tab', { name: '未读 3' })).toBeTruthy()
  })

  it('moves with j and k, marks with e and opens with a click', async () => {
    const { router, posts } = await show([note('1'), note('2')])
    await row(/客户1/)
    key('j')
    key('j')
    key('j')
    expect(document.activeElement?.textContent).toContain('客户2')
    key('k')
    expect(document.activeElement?.textContent).toContain('客户1')
    key('e', { isComposing: true })
    expect(posts('/notifications/read')).toHaveLength(0)
    key('e')
    await waitFor(() => expect(posts('/notifications/read')[0]?.body).toEqual({ ids: ['1'] }))
    await waitFor(() => expect(screen.getByRole('button', { name: '标为未读 客户1' })).toBeTruthy())
    key('e')
    await waitFor(() => expect(posts('/notifications/unread')[0]?.body).toEqual({ ids: ['1'] }))

    fireEvent.click(await row(/即将回收\s*客户2/))
    await waitFor(() => expect(router.state.location.pathname).toBe('/o/customer/c2'))
    await waitFor(() => expect(posts('/notifications/read').at(-1)?.body).toEqual({ ids: ['2'] }))
  })

  it('marks all read and takes that back', async () => {
    const { posts } = await show([note('1'), note('2')])
    await row(/客户1/)
    fireEvent.click(screen.getByRole('button', { name: /全部已读/ }))
    await waitFor(() => expect(posts('/notifications/read')[0]?.body).toEqual({ ids: ['1', '2'] }))
    fireEvent.click(await screen.findByRole('button', { name: /撤\s?销/ }))
    await waitFor(() => expect(posts('/notifications/unread')[0]?.body).toEqual({ ids: ['1', '2'] }))
    await waitFor(() => expect(screen.getByRole('button', { name: '标为已读 客户1' })).toBeTruthy())
  })

  it('says so when nothing is unread, and when nothing could be read', async () => {
    await show([note('1', { read_at: '2026-11-22T00:00:00Z' })])
    await row(/客户1/)
    fireEvent.click(screen.getByRole('tab', { name: '未读' }))
    expect(await screen.findByText('都看完了')).toBeTruthy()
    act(closeNotifications)
    cleanup()
    queryClient.clear()
    await show([], { fail: true })
    expect(await screen.findByText('坏了')).toBeTruthy()
    expect(screen.getByRole('button', { name: '再试一次' })).toBeTruthy()
  })

  it('speaks English', async () => {
    await setLanguage('en-US')
    await show([
      note('1', {
        kind: 'assigned',
        count: 50_000,
        record: null,
        title: null,
        actor: { id: 'u', title: 'Zhang Wei' },
      }),
    ])
    expect(await row(/Zhang Wei assigned 50,000 customers to you/)).toBeTruthy()
  })
})
