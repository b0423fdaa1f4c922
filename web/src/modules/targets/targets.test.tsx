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
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { keys, queryClient } from '@/api/queryClient'
import type { Forecast, Goal, Progress } from '@/api/targets'
import type { Catalogue, RecordData, Session } from '@/api/types'
import { startI18n } from '@/locales'
import { ForecastPage } from '@/modules/forecast'
import { field, object } from '@/records/model/testkit'
import { setTimeZone, today } from '@/ui/time'
import { EditPage } from './edit'
import { ProgressPage } from './ProgressPage'

const named = (name: string, fields: Parameters<typeof object>[0]) => ({ ...object(fields), name })
const months = Array.from({ length: 12 }, (_, i) => field(`m${i + 1}`, 'decimal'))
const target = named('target', [
  field('year', 'integer'),
  field('measure', 'choice', {
    options: [{ value: 'won_amount', label: { zh: '成交金额', en: 'Amount won' } }],
  }),
  field('product', 'lookup', { to: 'product' }),
  ...months,
])
const opportunity = named(
  'opportunity',
  ['amount', 'expected', 'close_date', 'status', 'forecast_category', 'owner'].map((n) => field(n, 'text')),
)
const objects = { target, opportunity, user: named('user', []), department: named('department', []) }
const session: Session = {
  user: { id: 'li', name: '李娜', login: 'lina', roles: ['member'], department: null },
  preferences: {},
}

// A machine that builds beside it is slow to draw whole pages.
configure({ asyncUtilTimeout: 8000 })
vi.setConfig({ testTimeout: 30_000 })

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
  setTimeZone('Asia/Shanghai')
})
afterEach(() => {
  cleanup()
  queryClient.clear()
  vi.unstubAllGlobals()
  for (const key of Object.keys(localStorage))
    if (key.startsWith('guanxi:draft')) localStorage.removeItem(key)
})

interface Call {
  method: string
  path: string
  body: Record<string, unknown>
}
type Answer = { status?: number; body: unknown }

async function show(at: string, reply: (call: Call) => Answer, more: { can?: string[] } = {}) {
  const can = (more.can ?? ['create', 'update']) as (typeof target)['can']
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
    abilities: ['administer'],
    modules: [],
    objects: { ...objects, target: { ...target, can } },
  }
  queryClient.setQueryData(keys.catalogue, catalogue)
  queryClient.setQueryData(keys.session, session)
  const calls: Call[] = []
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const call = {
      method: init.method ?? 'GET',
      path: path.replace('/api/v1', ''),
      body: init.body ? JSON.parse(String(init.body)) : {},
    }
    calls.push(call)
    const { status = 200, body } = reply(call)
    return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
  })
  const root = createRootRoute({ component: Outlet })
  const route = (path: string, component: () => React.ReactNode) =>
    createRoute({ getParentRoute: () => root, path, component })
  const router = createRouter({
    routeTree: root.addChildren([
      route('/targets', ProgressPage),
      route('/targets/edit', EditPage),
      route('/forecast', ForecastPage),
      route('/o/$object', () => <p>list</p>),
      route('/o/$object/$id', () => <p>record</p>),
    ]),
    history: createMemoryHistory({ initialEntries: [at] }),
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
  return { router, calls }
}

const goal = (more: Partial<Goal>): Goal => ({
  id: 'g',
  level: 'person',
  who: { id: 'li', title: '李娜' },
  product: null,
  owner: 'li',
  target: '400000',
  actual: '300000',
  rate: '75.0',
  gap: '100000',
  weighted: '50000',
  rank: null,
  months: Array.from({ length: 12 }, () => ({ target: '1', actual: '0' })),
  ...more,
})
const progress = (rows: Goal[]): Progress => ({
  period: '2026-Q4',
  measure: 'won_amount',
  days_passed: 46,
  days: 92,
  currency: 'CNY',
  rows,
})

describe('progress', () => {
  it('shows whoever sees nobody else his own, large', async () => {
    const { calls } = await show('/targets?period=2026-Q4', () => ({ body: progress([goal({})]) }))
    const card = await screen.findByRole('article', { name: '我的目标' })
    expect(card.textContent).toContain('75%')
    expect(card.textContent).toContain('领先时间进度 25.0 个百分点')
    expect(within(card).getAllByRole('listitem')).toHaveLength(12)
    const link = within(card).getByRole('link', { name: '¥30万' })
    expect(decodeURIComponent(link.getAttribute('href') ?? '')).toContain('["close_date",">=","2026-10-01"]')
    expect(calls[0]?.path).toBe('/figures/targets?period=2026-Q4&measure=won_amount')
  })
  it('puts people in their order below company and departments', async () => {
    await show('/targets?period=2026-Q4', () => ({
      body: progress([
        goal({ id: 'c', level: 'company', who: null }),
        goal({ id: 'd', level: 'department', who: { id: 'east', title: '华东' }, rate: '20.0' }),
        goal({ id: 'a', rank: 1 }),
        goal({ id: 'b', who: { id: 'w', title: '王磊' }, rank: 2, target: null, rate: null, gap: null }),
      ]),
    }))
    const table = await screen.findByRole('table', { name: '个人排名' })
    expect(
      within(table)
        .getAllByRole('rowheader')
        .map((h) => h.textContent),
    ).toEqual([expect.stringContaining('李娜'), expect.stringContaining('王磊')])
    expect(screen.getByRole('article', { name: '华东' }).textContent).toContain('落后时间进度 30.0 个百分点')
    fireEvent.click(screen.getByRole('button', { name: '李娜的各月情况' }))
    expect(screen.getByRole('button', { name: '李娜的各月情况' }).getAttribute('aria-expanded')).toBe('true')
  })
  it('leads whoever may set targets to setting them, and nobody else', async () => {
    await show('/targets?period=2030', () => ({ body: progress([]) }))
    await screen.findByText('2030年还没有目标')
    expect(screen.getAllByRole('link', { name: /设定目标/ })).toHaveLength(2)
    cleanup()
    await show('/targets?period=2030', () => ({ body: progress([]) }), { can: [] })
    await screen.findByText('2030年还没有目标')
    expect(screen.queryByRole('link', { name: /设定目标/ })).toBeNull()
  })
  it('says when it may not be read, and when it failed', async () => {
    const problem = (status: number) => ({ status, body: { title: '不行', status, code: 'no' } })
    await show('/targets', () => problem(403))
    await screen.findByText('您没有权限查看')
    cleanup()
    queryClient.clear()
    await show('/targets', () => problem(422))
    await screen.findByText('不行')
  })
})

describe('setting targets', () => {
  const record = (more: Record<string, unknown>): RecordData => ({
    id: 't1',
    version: 1,
    year: 2027,
    measure: 'won_amount',
    level: 'person',
    owner: { id: 'li', title: '李娜' },
    team: null,
    product: null,
    _can: ['update'],
    ...more,
  })
  const world = (targets: RecordData[], write: (call: Call) => Answer) => (call: Call) => {
    if (call.method !== 'GET') return write(call)
    const items = call.path.startsWith('/records/target')
      ? targets
      : call.path.startsWith('/records/user')
        ? ['李娜', '王磊'].map((name, i) => ({
            id: i === 0 ? 'li' : 'wang',
            version: 1,
            name,
            department: { id: 'east', title: '华东' },
          }))
        : [{ id: 'east', version: 1, name: '华东', parent: null, manager: null }]
    return { body: { items, next: null } }
  }
  const cell = (name: string) => screen.findByRole<HTMLInputElement>('textbox', { name })
  const writes = (calls: Call[]) => calls.filter((c) => c.method !== 'GET')
  const leave = async (from: HTMLElement, to: string) => {
    const next = await cell(to)
    await act(async () => {
      fireEvent.blur(from, { relatedTarget: next })
    })
  }

  it('adds up while one types and saves a row when it is left', async () => {
    const { calls } = await show(
      '/targets/edit?year=2027',
      world([], (call) => ({
        status: 201,
        body: record({ ...call.body, owner: { id: 'li', title: '李娜' } }),
      })),
    )
    const input = await cell('李娜 1月')
    fireEvent.focus(input)
    fireEvent.change(input, { target: { value: '12万' } })
    const row = input.closest('tr') as HTMLElement
    expect(within(row).getAllByText('120,000')).toHaveLength(2)
    expect(writes(calls)).toHaveLength(0)
    await leave(input, '王磊 1月')
    await waitFor(() => expect(row.textContent).toContain('已保存'))
    expect(writes(calls).map((c) => [c.method, c.body])).toEqual([
      [
        'POST',
        { year: 2027, measure: 'won_amount', level: 'person', product: null, owner: 'li', m1: '120000' },
      ],
    ])
  })
  it('pastes a block over several rows', async () => {
    const { calls } = await show(
      '/targets/edit?year=2027',
      world([], (call) => ({ status: 201, body: record({ ...call.body, id: String(call.body.owner) }) })),
    )
    const input = await cell('李娜 11月')
    fireEvent.focus(input)
    await act(async () => {
      fireEvent.paste(input, { clipboardData: { getData: () => '1,000\t2\t3\n4\t5\n' } })
    })
    expect((await cell('李娜 12月')).value).toBe('2')
    await leave(input, '华东 1月')
    await waitFor(() => expect(writes(calls)).toHaveLength(2))
    expect(
      writes(calls)
        .map((c) => [c.body.owner, c.body.m11, c.body.m12])
        .sort(),
    ).toEqual([
      ['li', '1000', '2'],
      ['wang', '4', '5'],
    ])
  })
  it('keeps what the server refuses, with its words at the cell', async () => {
    const errors = [{ field: 'm1', code: 'out_of_range', message: '数字太大' }]
    await show(
      '/targets/edit?year=2027',
      world([], () => ({
        status: 422,
        body: { title: '无效', detail: '请检查标出的字段', status: 422, code: 'invalid', errors },
      })),
    )
    const input = await cell('李娜 1月')
    fireEvent.change(input, { target: { value: '999' } })
    await leave(input, '王磊 1月')
    await screen.findByText('数字太大')
    expect(input.getAttribute('aria-invalid')).toBe('true')
    expect(input.value).toBe('999')
  })
  it('saves the last line on Enter, though nothing is below it', async () => {
    const { calls } = await show(
      '/targets/edit?year=2027',
      world([], (call) => ({ body: record({ m1: call.body.m1 }) })),
    )
    const input = await cell('王磊 1月')
    await act(async () => input.focus())
    fireEvent.change(input, { target: { value: '88' } })
    await act(async () => void fireEvent.keyDown(input, { key: 'Enter' }))
    await waitFor(() => expect(writes(calls).map((w) => w.body.m1)).toEqual(['88']))
  })
  it('selects what it shows for typing over as soon as it has the focus', async () => {
    await show(
      '/targets/edit?year=2027',
      world([record({ m1: '40000' })], () => ({ body: {} })),
    )
    const input = await cell('李娜 1月')
    await act(async () => input.focus())
    expect([input.value, input.selectionStart, input.selectionEnd]).toEqual(['40000', 0, 5])
  })
  it('sends nothing that is no number', async () => {
    const { calls } = await show(
      '/targets/edit?year=2027',
      world([], () => ({ body: {} })),
    )
    const input = await cell('李娜 1月')
    fireEvent.change(input, { target: { value: '很多' } })
    await leave(input, '王磊 1月')
    await screen.findByText('请填数字')
    expect(writes(calls)).toHaveLength(0)
  })
  it('asks before it overwrites what somebody else has changed', async () => {
    let answers = 0
    const { calls } = await show(
      '/targets/edit?year=2027',
      world([record({ m1: '1' })], (call) =>
        answers++ === 0
          ? {
              status: 409,
              body: {
                title: '旧',
                status: 409,
                code: 'stale_version',
                current: record({ m1: '555', version: 2 }),
              },
            }
          : { body: record({ m1: call.body.m1, version: 3 }) },
      ),
    )
    const input = await cell('李娜 1月')
    fireEvent.change(input, { target: { value: '77' } })
    await leave(input, '王磊 1月')
    const alert = await screen.findByText(/别人刚改过：1月为 555/)
    expect(writes(calls)).toHaveLength(1)
    await act(async () => {
      fireEvent.click(within(alert).getByRole('button', { name: '用我的' }))
    })
    await screen.findByText('已保存')
    expect(writes(calls)[1]?.body).toEqual({ m1: '77' })
  })
})

describe('the forecast', () => {
  const sums = { won: '100', commit: '50', best_case: '20', pipeline: '5', weighted: '60' }
  const data: Forecast = {
    period: '2026-Q4',
    first: '2026-10-01',
    after: '2027-01-01',
    days_passed: 46,
    days: 92,
    currency: 'CNY',
    total: { ...sums, deals: 3, target: '200' },
    rows: [{ ...sums, deals: 3, owner: { id: 'li', title: '李娜' }, target: '200' }],
    months: [{ ...sums, deals: 3, month: '2026-11' }],
    late: { deals: 2, amount: '9', filter: ['status', '=', 'open'] },
    elsewhere: 1,
    history: [{ day: '2020-01-01', ...sums, won: '40' }],
  }
  it('says what is lacking, what is late, what moved, and what is not counted', async () => {
    await show('/forecast?period=2026-Q4', () => ({
      body: { ...data, first: `${Number(today().slice(0, 4))}-12-31` },
    }))
    const table = await screen.findByRole('table', { name: '按人员' })
    expect(document.body.textContent).toContain('比目标少 ¥40.00')
    expect(document.body.textContent).toContain('有 2 个商机已过预计成交日期')
    expect(document.body.textContent).toContain('赢单增加 ¥60.00')
    expect(document.body.textContent).toContain('有 1 个商机使用其他币种')
    const commit = within(table).getByRole('link', { name: '¥50.00' })
    expect(decodeURIComponent(commit.getAttribute('href') ?? '')).toContain(
      '"forecast_category","=","commit"',
    )
    const chart = screen.getByRole('slider', { name: '预测走势' })
    fireEvent.keyDown(chart, { key: 'Home' })
    expect(chart.getAttribute('aria-valuetext')).toContain('赢单 ¥40.00')
  })
})
