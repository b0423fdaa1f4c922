import { QueryClientProvider } from '@tanstack/react-query'
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from '@tanstack/react-router'
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { App } from 'antd'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { keys, queryClient } from '@/api/queryClient'
import type { Catalogue, FieldDef, ObjectDef, RecordData } from '@/api/types'
import { startI18n } from '@/locales'
import { field, object } from '../model/testkit'
import { ActionButtons } from './ActionButtons'

const input = (name: string, type: FieldDef['type'], zh: string, more: Partial<FieldDef> = {}) =>
  field(name, type, { label: { zh, en: name }, ...more })

const lead: ObjectDef = {
  ...object([field('name', 'text'), field('pool', 'lookup', { to: 'pool' })]),
  name: 'lead',
  actions: [
    {
      name: 'convert',
      label: { zh: '转化', en: 'Convert' },
      icon: 'swap',
      when: ['status', '!=', 'invalid'],
      input: [
        input('customer', 'lookup', '已有客户', {
          to: 'customer',
          help: { zh: '留空则新建客户', en: 'Empty: new' },
        }),
        input('opportunity_name', 'text', '商机名称'),
        input('amount', 'money', '商机金额'),
      ],
    },
    { name: 'claim', label: { zh: '领取', en: 'Claim' }, when: ['pool', 'not_null'] },
    { name: 'assign', label: { zh: '分配', en: 'Assign' }, when: ['pool', 'not_null'] },
    {
      name: 'release',
      label: { zh: '退回公海', en: 'Release' },
      when: ['owner', 'not_null'],
      input: [
        input('pool', 'lookup', '公海', { to: 'pool' }),
        input('reason', 'text', '原因', { required: true }),
      ],
    },
  ],
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
  objects: { lead },
}
const record: RecordData = {
  id: 'l1',
  version: 1,
  name: '王女士',
  status: 'qualified',
  owner: { id: 'u1', title: '李四' },
  pool: null,
}

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
  queryClient.setQueryData(keys.catalogue, catalogue)
  queryClient.setQueryData(keys.session, null)
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

async function show(of: RecordData) {
  const root = createRootRoute({ component: Outlet })
  const at = (path: string, component: () => React.ReactNode) =>
    createRoute({ getParentRoute: () => root, path, component })
  const router = createRouter({
    routeTree: root.addChildren([
      at('/', () => <ActionButtons object={lead} record={of} />),
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
  return router
}
const server = (reply: (path: string) => unknown) => {
  const fetched = vi.fn(async (path: string, _init?: RequestInit) => {
    const body = reply(path)
    return new Response(JSON.stringify(body ?? { items: [], next: null }), {
      headers: { 'Content-Type': 'application/json' },
    })
  })
  vi.stubGlobal('fetch', fetched)
  return fetched
}
const open = async (name: RegExp) => {
  fireEvent.click(await screen.findByRole('button', { name }))
  return within(await screen.findByRole('dialog'))
}

describe('the actions of a lead', () => {
  it('convert it with a customer, a name and an amount, and lead on to the customer', async () => {
    const fetched = server((path) =>
      path.includes('/actions/convert')
        ? { ...record, version: 2, status: 'converted', converted_customer: { id: 'c9', title: '华盛' } }
        : undefined,
    )
    const router = await show(record)
    const dialog = await open(/转\s?化/)
    expect(dialog.getByRole('combobox', { name: /已有客户/ })).toBeTruthy()
    fireEvent.change(dialog.getByRole('textbox', { name: '商机名称' }), { target: { value: '年框' } })
    fireEvent.change(dialog.getByRole('spinbutton', { name: '商机金额' }), { target: { value: '1200.55' } })
    fireEvent.click(dialog.getByRole('button', { name: /转\s?化/ }))
    await waitFor(() => expect(router.state.location.pathname).toBe('/o/customer/c9'))
    const sent = fetched.mock.calls.find(([path]) => path.includes('/actions/convert'))?.[1]?.body
    expect(JSON.parse(String(sent))).toEqual({ opportunity_name: '年框', amount: '1200.55' })
  })

  it('are done with Ctrl and Enter from any of its fields', async () => {
    const fetched = server((path) => (path.includes('/actions/release') ? { id: 'l1' } : undefined))
    await show(record)
    const dialog = await open(/退回公海/)
    const reason = dialog.getByRole('textbox', { name: /原因/ })
    fireEvent.change(reason, { target: { value: '联系不上' } })
    fireEvent.keyDown(reason, { key: 'Enter' })
    fireEvent.keyDown(reason, { key: 'Enter', ctrlKey: true, isComposing: true })
    const sent = () => fetched.mock.calls.filter(([path]) => path.includes('/actions/release'))
    expect(sent()).toHaveLength(0)
    fireEvent.keyDown(reason, { key: 'Enter', ctrlKey: true })
    await waitFor(() => expect(sent()).toHaveLength(1))
  })

  it('say at its field what the server did not take', async () => {
    vi.stubGlobal(
      'fetch',
      vi.fn(async (path: string) =>
        path.includes('/actions/')
          ? new Response(
              JSON.stringify({
                title: 'invalid',
                status: 422,
                code: 'invalid',
                errors: [{ field: 'reason', code: 'required', message: '请填写' }],
              }),
              { status: 422 },
            )
          : new Response(JSON.stringify({ items: [], next: null }), {
              headers: { 'Content-Type': 'application/json' },
            }),
      ),
    )
    await show(record)
    const dialog = await open(/退回公海/)
    fireEvent.click(dialog.getByRole('button', { name: /退回公海/ }))
    expect((await dialog.findByRole('alert')).textContent).toBe('请填写')
  })

  it('lead back to the list when the record is out of sight by them', async () => {
    server((path) => (path.includes('/actions/release') ? { id: 'l1' } : undefined))
    const router = await show(record)
    const dialog = await open(/退回公海/)
    fireEvent.change(dialog.getByRole('textbox', { name: /原因/ }), { target: { value: '联系不上' } })
    fireEvent.click(dialog.getByRole('button', { name: /退回公海/ }))
    await waitFor(() => expect(router.state.location.pathname).toBe('/o/lead'))
  })

  it('leave claiming and assigning to the words about the pool', async () => {
    server(() => undefined)
    await show({ ...record, owner: null, pool: { id: 'p1', title: '线索公海' } })
    await screen.findByRole('button', { name: /转\s?化/ })
    expect(screen.queryByRole('button', { name: /领\s?取|分\s?配|退回/ })).toBeNull()
  })
})
