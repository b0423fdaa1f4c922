import { QueryClientProvider } from '@tanstack/react-query'
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from '@tanstack/react-router'
import { act, cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { App } from 'antd'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { keys, queryClient } from '@/api/queryClient'
import { forget } from '@/api/session'
import type { Catalogue, ObjectDef, Session } from '@/api/types'
import { setLanguage, startI18n } from '@/locales'
import { field, object } from '@/records/model/testkit'
import { HomePage } from './HomePage'

const named = (name: string, zh: string, fields: Parameters<typeof object>[0]): ObjectDef => ({
  ...object(fields),
  name,
  label: { zh, en: name },
  plural: { zh, en: `${name}s` },
})
const customer = named('customer', '客户', [
  field('name', 'text'),
  field('owner', 'user'),
  field('next_contact_at', 'datetime'),
  field('contact_due_at', 'datetime'),
])
const task = named('task', '任务', [
  field('name', 'text'),
  field('owner', 'user'),
  field('status', 'choice'),
  field('due_at', 'datetime'),
])
const opportunity = named('opportunity', '商机', [
  field('name', 'text'),
  field('owner', 'user'),
  field('stage', 'lookup'),
  field('status', 'choice'),
  { ...field('amount', 'money'), readable: false },
])

// A machine that builds beside it is slow to draw whole pages.
configure({ asyncUtilTimeout: 8000 })
vi.setConfig({ testTimeout: 30_000 })

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
})
beforeEach(() => {
  // Everything is in sight.
  vi.stubGlobal('IntersectionObserver', undefined)
  Reflect.deleteProperty(window, 'IntersectionObserver')
})
afterEach(async () => {
  cleanup()
  // What waits to be written is of this test.
  forget()
  queryClient.clear()
  vi.unstubAllGlobals()
  await setLanguage('zh-CN')
})

interface Options {
  objects?: ObjectDef[]
  kept?: unknown
  roles?: string[]
  department?: Session['user']['department']
  /** How many customers are the viewer's own. */
  own?: number
  /** Paths that the server refuses. */
  broken?: string
}

async function show({
  objects = [customer, task, opportunity],
  kept,
  broken,
  roles = ['member'],
  department = null,
  own,
}: Options = {}) {
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
    objects: Object.fromEntries(objects.map((o) => [o.name, o])),
  }
  queryClient.setQueryData(keys.catalogue, catalogue)
  queryClient.setQueryData<Session>(keys.session, {
    user: { id: 'u1', name: '李娜', login: 'lina', roles, department },
    preferences: kept === undefined ? {} : { desk: kept },
  } as Session)
  const saved: unknown[] = []
  const asked: string[] = []
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push(path)
    if (init.method === 'PUT') {
      saved.push(JSON.parse(String(init.body)))
      return new Response(null, { status: 204 })
    }
    if (broken && path.includes(broken))
      return new Response(JSON.stringify({ title: '坏了', status: 400, code: 'bad' }), { status: 400 })
    const answer = path.includes('/rights')
      ? { objects: {} }
      : path.includes('/aggregate')
        ? { rows: own === undefined ? [] : [{ count: own }] }
        : path.includes('/records/task')
          ? {
              items: [{ id: 't1', version: 1, name: '寄样品', due_at: '2020-01-01T00:00:00Z' }],
              next: null,
              total: 1,
            }
          : { items: [], next: null, total: 0, unread: 0 }
    return new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'application/json' } })
  })
  const root = createRootRoute({ component: Outlet })
  const router = createRouter({
    routeTree: root.addChildren([
      createRoute({ getParentRoute: () => root, path: '/', component: HomePage }),
      createRoute({ getParentRoute: () => root, path: '/o/$object', component: () => <p>list</p> }),
    ]),
    history: createMemoryHistory({ initialEntries: ['/'] }),
  })
  await router.load()
  render(
    <QueryClientProvider client={queryClient}>
      <App>
        <RouterProvider router={router as never} />
      </App>
    </QueryClientProvider>,
  )
  await screen.findByRole('heading', { level: 1 })
  return { saved, asked }
}

const cards = () => screen.getAllByRole('heading', { level: 2 }).map((h) => h.textContent)
const tiles = () =>
  within(screen.getByRole('list', { name: '桌面上的卡片' }))
    .getAllByRole('button', { name: /^移动/ })
    .map((b) => /“(.*)”/.exec(b.getAttribute('aria-label') ?? '')?.[1])
const handle = (name: string) => screen.getByRole('button', { name: new RegExp(`^移动“${name}”`) })
const wideOf = (name: string) =>
  screen.getByRole('button', { name: `“${name}”为宽卡片` }).getAttribute('aria-pressed')
const arrange = async () => {
  fireEvent.click(screen.getByRole('button', { name: '布置我的桌面' }))
  await screen.findByRole('list', { name: '桌面上的卡片' })
}

describe('the desk', () => {
  it('has the usual cards, without those of objects and fields that one may not read', async () => {
    await show()
    await waitFor(() => expect(cards()).toContain('最近访问'))
    expect(cards()).toEqual([
      '今日数字',
      '我今天的任务',
      '该联系的客户',
      '超期未联系',
      '未读通知',
      '最近访问',
    ])
  })

  it('stands as it was arranged; what it does not know takes no place', async () => {
    await show({
      kept: { cards: [{ card: 'recent' }, { card: 'orders' }, { card: 'tasks', width: 'wide' }] },
    })
    expect(cards()).toEqual(['最近访问', '我今天的任务'])
  })

  it('is the usual one where nothing of what was kept can be read', async () => {
    await show({ kept: { cards: 'x' } })
    expect(cards()).toContain('我今天的任务')
  })

  it('asks nothing for cards that are not on it', async () => {
    const { asked } = await show({ kept: { cards: [{ card: 'tasks' }] } })
    await screen.findByRole('link', { name: '寄样品' })
    expect(asked.some((p) => p.includes('/records/customer?'))).toBe(false)
    expect(asked.filter((p) => p.includes('/records/task'))).toHaveLength(1)
  })

  it('says in the card what failed, with a way to try again, and leaves the others alone', async () => {
    await show({ kept: { cards: [{ card: 'contact' }, { card: 'tasks' }] }, broken: '/records/customer?' })
    const card = await screen.findByRole('region', { name: '该联系的客户' })
    expect(await within(card).findByRole('alert')).toBeTruthy()
    expect(within(card).getByRole('button', { name: '再试一次' })).toBeTruthy()
    expect(await screen.findByRole('link', { name: '寄样品' })).toBeTruthy()
  })

  it('without cards says how to get some', async () => {
    await show({ kept: { cards: [] } })
    fireEvent.click(screen.getByRole('button', { name: '恢复默认' }))
    await waitFor(() => expect(cards()).toContain('最近访问'))
  })

  it('j and k walk through the lines', async () => {
    await show({ kept: { cards: [{ card: 'tasks' }] } })
    const line = await screen.findByRole('link', { name: '寄样品' })
    fireEvent.keyDown(document.body, { key: 'j' })
    expect(document.activeElement).toBe(line)
  })
})

describe('arranging it', () => {
  const kept = {
    v: 2,
    cards: [{ card: 'tasks' }, { card: 'orders', columns: 3 }, { card: 'contact' }, { card: 'recent' }],
  }

  it('goes by the keyboard, says what it did and keeps what it does not know', async () => {
    const { saved } = await show({ kept })
    await arrange()
    await waitFor(() => expect(tiles()).toEqual(['今天的任务', '该联系的客户', '最近访问']))
    fireEvent.keyDown(handle('今天的任务'), { key: 'ArrowRight' })
    await waitFor(() => expect(tiles()).toEqual(['该联系的客户', '今天的任务', '最近访问']))
    expect(screen.getByTestId('arranged').textContent).toBe('“今天的任务”移到第 2 位，共 3 张')
    fireEvent.keyDown(handle('最近访问'), { key: 'Home' })
    await waitFor(() => expect(tiles()[0]).toBe('最近访问'))
    fireEvent.keyDown(handle('最近访问'), { key: 'w' })
    expect(screen.getByTestId('arranged').textContent).toBe('“最近访问”已改为宽卡片')
    await waitFor(() => expect(wideOf('最近访问')).toBe('true'))
    fireEvent.keyDown(handle('最近访问'), { key: 'ArrowLeft' })
    expect(screen.getByTestId('arranged').textContent).toContain('仍在第 1 位')
    await waitFor(() =>
      expect(saved.at(-1)).toEqual({
        v: 2,
        cards: [
          { card: 'orders', columns: 3 },
          { card: 'recent', width: 'wide' },
          { card: 'contact' },
          { card: 'tasks' },
        ],
      }),
    )
  })

  it('takes cards away and puts them back, with the focus where one goes on', async () => {
    await show({ kept })
    await arrange()
    fireEvent.keyDown(handle('该联系的客户'), { key: 'Delete' })
    await waitFor(() => expect(tiles()).toEqual(['今天的任务', '最近访问']))
    await waitFor(() => expect(document.activeElement).toBe(handle('最近访问')))
    fireEvent.click(screen.getByRole('button', { name: '添加“该联系的客户”' }))
    await waitFor(() => expect(tiles()).toEqual(['今天的任务', '最近访问', '该联系的客户']))
    await waitFor(() => expect(document.activeElement).toBe(handle('该联系的客户')))
    expect(screen.queryByRole('button', { name: '添加“商机漏斗”' })).toBeNull()
  })

  it('by its buttons does the same for who cannot drag', async () => {
    await show({ kept })
    await arrange()
    fireEvent.click(screen.getByRole('button', { name: '把“最近访问”往前移' }))
    await waitFor(() => expect(tiles()).toEqual(['今天的任务', '最近访问', '该联系的客户']))
    const wide = screen.getByRole('button', { name: '“最近访问”为宽卡片' })
    expect(wide.getAttribute('aria-pressed')).toBe('false')
    fireEvent.click(wide)
    await waitFor(() => expect(wide.getAttribute('aria-pressed')).toBe('true'))
    expect(screen.getByRole('button', { name: '把“今天的任务”往前移' }).hasAttribute('disabled')).toBe(true)
  })

  it('goes back to the usual desk, and that can be taken back', async () => {
    const { saved } = await show({ kept })
    await arrange()
    fireEvent.click(screen.getByRole('button', { name: '恢复默认' }))
    await waitFor(() => expect(tiles()).toContain('未读通知'))
    await waitFor(() => expect(saved.at(-1)).toBeNull())
    expect(saved).toHaveLength(1)
    fireEvent.click(await screen.findByRole('button', { name: /撤\s?销/ }))
    await waitFor(() => expect(tiles()).toEqual(['今天的任务', '该联系的客户', '最近访问']))
    await waitFor(() => expect(saved.at(-1)).toEqual(kept))
  })

  it('is begun by D and left by Escape, back at the button', async () => {
    await show({ kept })
    fireEvent.keyDown(document.body, { key: 'd' })
    expect(await screen.findByRole('list', { name: '桌面上的卡片' })).toBeTruthy()
    act(() => {
      fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' })
    })
    expect(await screen.findByRole('heading', { name: '我今天的任务' })).toBeTruthy()
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByRole('button', { name: '布置我的桌面' })),
    )
  })
})

describe('the scope of the desk', () => {
  const chosen = () => screen.findByRole('radio', { checked: true })

  it('is his department for who leads and has no customers of his own, until he chooses', async () => {
    const department = { id: 'd1', title: '销售部' }
    await show({ roles: ['manager'], own: 0, objects: [customer], department })
    expect((await chosen()).parentElement?.textContent).toContain('本部门')
  })

  it('is everybody for who leads without a department', async () => {
    await show({ roles: ['manager'], own: 0, objects: [customer] })
    expect((await chosen()).parentElement?.textContent).toContain('全部')
    expect(screen.queryByText('本部门')).toBeNull()
  })

  it('is his own for who leads and has customers', async () => {
    await show({ roles: ['manager'], own: 3, objects: [customer] })
    expect((await chosen()).parentElement?.textContent).not.toContain('全部')
  })
})
