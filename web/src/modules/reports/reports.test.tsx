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
import type { Catalogue, Session } from '@/api/types'
import type { TeamRow, WorkDraft } from '@/api/work'
import { startI18n } from '@/locales'
import { field, object } from '@/records/model/testkit'
import { setTimeZone, today } from '@/ui/time'
import { monday } from './span'
import { WorkPage } from './WorkPage'

const choice = [
  { value: 'daily', label: { zh: '日报', en: 'Daily report' } },
  { value: 'weekly', label: { zh: '周报', en: 'Weekly report' } },
]
const report = {
  ...object([
    field('kind', 'choice', { options: choice }),
    field('summary', 'long_text', { label: { zh: '工作总结', en: 'Done' } }),
    field('plan', 'long_text'),
    field('calls', 'integer', { label: { zh: '电话', en: 'Calls' } }),
    field('visits', 'integer', { label: { zh: '拜访', en: 'Visits' } }),
  ]),
  name: 'work_report',
}
const comment = { ...object([field('content', 'long_text')]), name: 'report_comment' }
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

const draft = (more: Partial<WorkDraft> = {}): WorkDraft => ({
  kind: 'daily',
  first_day: today(),
  last_day: today(),
  expected: true,
  sent: null,
  counts: [
    { name: 'calls', count: 3, least: 20 },
    { name: 'visits', count: 2, least: 2 },
    { name: 'won_deals', count: 0, least: null },
    { name: 'effective_calls', count: null, least: 5 },
  ],
  summary: '跟进\n1. 海象科技：谈了价格',
  plan: '1. 再谈',
  ...more,
})

interface Call {
  method: string
  path: string
  body: Record<string, unknown>
}

async function show(at: string, reply: (call: Call) => { status?: number; body: unknown }) {
  const catalogue = {
    version: 't',
    workspace: { name: 'default', title: '测试', currency: 'CNY', time_zone: 'Asia/Shanghai' },
    abilities: [],
    modules: [],
    objects: { work_report: { ...report, can: ['create', 'update'] }, report_comment: comment },
  } as unknown as Catalogue
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
      route('/work-reports', WorkPage),
      route('/o/$object/$id', () => <p>record</p>),
    ]),
    history: createMemoryHistory({ initialEntries: [at] }),
  })
  await router.load()
  render(
    <QueryClientProvider client={queryClient}>
      <App>
        <RouterProvider router={router as never} />
      </App>
    </QueryClientProvider>,
  )
  return { calls }
}

const row = (name: string, more: Partial<TeamRow>): TeamRow => ({
  who: { id: name, title: name },
  expected: true,
  short: false,
  counts: { calls: { count: 1, least: null }, visits: { count: 0, least: null } },
  report: null,
  sent_at: null,
  late: null,
  ...more,
})
const answers = (
  of: WorkDraft,
  rows: TeamRow[],
  write?: (call: Call) => { status?: number; body: unknown },
) => {
  return (call: Call) => {
    if (call.method === 'POST' && write) return write(call)
    if (call.path.startsWith('/figures/work_draft')) return { body: of }
    if (call.path.startsWith('/figures/work_reports')) return { body: { ...of, rows } }
    if (call.path.startsWith('/records/work_report/'))
      return { body: { id: 'r1', version: 1, kind: 'daily', first_day: today(), name: '李娜 今天' } }
    return { body: { items: [], next: null } }
  }
}
const area = (name: string) => screen.findByRole<HTMLTextAreaElement>('textbox', { name })

it('finds the Monday of a week', () => {
  expect(['2026-11-16', '2026-11-18', '2026-11-22'].map(monday)).toEqual(Array(3).fill('2026-11-16'))
})

describe('writing a report', () => {
  it('begins with what was done, and says what is missing', async () => {
    await show('/work-reports', answers(draft(), []))
    expect((await area('工作总结')).value).toBe('跟进\n1. 海象科技：谈了价格')
    const counts = within(screen.getByRole('list', { name: '工作量' }))
    expect(counts.getAllByRole('listitem').map((li) => li.textContent)).toEqual([
      '电话3 / 20还差 17',
      '拜访2 / 2已达标',
    ])
    // Whoever leads nobody has nothing to compare.
    expect(screen.queryByText('提交情况')).toBeNull()
  })

  it('sends what was typed, and keeps it while it is refused', async () => {
    let refused = true
    const problem = { field: 'summary', code: 'too_long', message: '太长了' }
    const mine = draft()
    const write = (call: Call) => {
      if (refused)
        return { status: 422, body: { title: '无效', status: 422, code: 'invalid', errors: [problem] } }
      mine.sent = 'r1'
      return { status: 201, body: { id: 'r1', version: 1, name: '李娜 今天', ...call.body } }
    }
    const { calls } = await show('/work-reports', answers(mine, [], write))
    fireEvent.change(await area('工作总结'), { target: { value: '谈成了' } })
    await act(async () => void fireEvent.click(screen.getByRole('button', { name: '提交' })))
    expect((await screen.findByRole('alert')).textContent).toContain('太长了')
    expect((await area('工作总结')).value).toBe('谈成了')
    refused = false
    await act(async () => void fireEvent.click(screen.getByRole('button', { name: '提交' })))
    const posts = calls.filter((call) => call.method === 'POST')
    expect(posts).toHaveLength(2)
    expect(posts[1]?.body).toEqual({
      kind: 'daily',
      first_day: today(),
      summary: '谈成了',
      plan: '1. 再谈',
    })
    // It stands there as it was sent.
    expect(await screen.findByRole('article', { name: '李娜 今天' })).toBeTruthy()
    expect(Object.keys(localStorage).some((key) => key.startsWith('guanxi:draft'))).toBe(false)
  })

  it('drafts it again when asked', async () => {
    await show('/work-reports', answers(draft(), []))
    fireEvent.change(await area('工作总结'), { target: { value: '又改' } })
    fireEvent.click(await screen.findByRole('button', { name: '按记录重新生成' }))
    await waitFor(async () => expect((await area('工作总结')).value).toContain('海象科技'))
  })

  it('asks for the week of a day, and for no day that is to come', async () => {
    const { calls } = await show('/work-reports?kind=weekly&day=2026-11-18', answers(draft(), []))
    await area('工作总结')
    expect(
      calls.some((call) => call.path.includes('kind=weekly') && call.path.includes('day=2026-11-18')),
    ).toBe(true)
    cleanup()
    await show('/work-reports', answers(draft(), []))
    expect((await screen.findByRole<HTMLButtonElement>('button', { name: '后一天' })).disabled).toBe(true)
  })
})

describe('who has reported', () => {
  it('names those first who have not, then those below the minimum', async () => {
    const rows = [
      row('甲', { report: 'r1', sent_at: '2026-11-20T10:00:00Z', late: false }),
      row('乙', { expected: false }),
      row('丙', { report: 'r2', late: true, short: true, counts: { calls: { count: 1, least: 2 } } }),
      row('丁', {}),
    ]
    await show('/work-reports?view=team', answers(draft(), rows))
    const table = await screen.findByRole('table', { name: '提交情况' })
    const lines = within(table).getAllByRole('row').slice(1)
    expect(lines.map((line) => within(line).getByRole('rowheader').textContent?.at(-1))).toEqual([
      '丁',
      '丙',
      '甲',
      '乙',
    ])
    expect(lines.map((line) => line.textContent)).toEqual([
      expect.stringContaining('未提交'),
      expect.stringContaining('迟交'),
      expect.stringContaining('已提交'),
      expect.stringContaining('无需提交'),
    ])
    // Nobody visits anybody, nor has to.
    expect(within(table).queryByText('拜访')).toBeNull()
    expect(screen.getByText('应交 3 人，未交 1 人，未达标 1 人')).toBeTruthy()
  })
})
