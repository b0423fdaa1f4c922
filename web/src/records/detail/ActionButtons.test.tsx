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
import { App, Dropdown } from 'antd'
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

async function show(of: RecordData, object = lead) {
  const root = createRootRoute({ component: Outlet })
  const at = (path: string, component: () => React.ReactNode) =>
    createRoute({ getParentRoute: () => root, path, component })
  const router = createRouter({
    routeTree: root.addChildren([
      at('/', () => (
        <ActionButtons object={object} record={of}>
          {(aside) =>
            aside.length > 0 && (
              <Dropdown menu={{ items: aside }} trigger={['click']}>
                <button type="button">更多</button>
              </Dropdown>
            )
          }
        </ActionButtons>
      )),
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

const reason = [input('reason', 'text', '原因')]
const order: ObjectDef = {
  ...object([field('status', 'text')]),
  name: 'sales_order',
  closed: [{ field: 'status', values: ['posted'], keeps: ['remark'] }],
  actions: [
    { name: 'post', label: { zh: '生效', en: 'Confirm' }, when: ['status', '=', 'draft'] },
    { name: 'make_delivery', label: { zh: '发货单', en: 'Deliver' }, when: ['status', '=', 'posted'] },
    {
      name: 'make_return',
      label: { zh: '退货单', en: 'Return' },
      when: ['status', 'in', ['posted', 'closed']],
    },
    { name: 'correct', label: { zh: '更正单', en: 'Correct' }, when: ['status', '=', 'posted'] },
    {
      name: 'reverse',
      label: { zh: '作废单', en: 'Cancel' },
      when: ['status', '=', 'posted'],
      input: reason,
    },
  ],
}
const at = (status: string): RecordData => ({ id: 'o1', version: 1, status })
const refusal = (errors: unknown[]) =>
  vi.stubGlobal(
    'fetch',
    vi.fn(
      async () =>
        new Response(
          JSON.stringify({ title: '', status: 422, code: 'invalid', detail: '请检查标出的字段', errors }),
          {
            status: 422,
          },
        ),
    ),
  )

describe('the actions of a document', () => {
  it('have the next step first and what takes it back in a menu, which asks why', async () => {
    const fetched = server((path) => (path.includes('/actions/') ? { id: 'o1', version: 2 } : undefined))
    await show(at('posted'), order)
    const buttons = await screen.findAllByRole('button')
    expect(buttons.map((b) => b.textContent)).toEqual(['发货单', '退货单', '更多'])
    expect(buttons.map((b) => b.className.includes('ant-btn-primary'))).toEqual([true, false, false])
    fireEvent.click(screen.getByRole('button', { name: '更多' }))
    fireEvent.click(await screen.findByRole('menuitem', { name: /作废单/ }))
    const dialog = within(await screen.findByRole('dialog'))
    expect(dialog.getByText(/作废后单据不再有效/)).toBeTruthy()
    fireEvent.change(dialog.getByRole('textbox', { name: /原因/ }), { target: { value: '开错' } })
    fireEvent.click(dialog.getByRole('button', { name: '作废单' }))
    await waitFor(() => expect(fetched.mock.calls.some(([p]) => p.includes('/actions/reverse'))).toBe(true))
    const sent = fetched.mock.calls.find(([p]) => p.includes('/actions/reverse'))?.[1]?.body
    expect(JSON.parse(String(sent))).toEqual({ reason: '开错' })
  })

  it('never offer a return as the next step', async () => {
    server(() => undefined)
    await show(at('closed'), order)
    expect((await screen.findByRole('button', { name: '退货单' })).className).not.toContain('ant-btn-primary')
  })

  it('lead on to what was made', async () => {
    server((path) =>
      path.includes('/actions/make_delivery')
        ? { ...at('posted'), _made: [{ object: 'delivery', id: 'd7' }] }
        : undefined,
    )
    const router = await show(at('posted'), order)
    fireEvent.click(await screen.findByRole('button', { name: '发货单' }))
    await waitFor(() => expect(router.state.location.pathname).toBe('/o/delivery/d7'))
  })

  it('say of every line why they were refused', async () => {
    refusal([
      { field: 'order_line', code: 'more_than_open', message: '办公桌：超过未完成数量，还可以 3' },
      { field: 'order_line', code: 'more_than_open', message: '办公椅：超过未完成数量，还可以 1' },
    ])
    await show(at('draft'), order)
    fireEvent.click(await screen.findByRole('button', { name: /生\s?效/ }))
    const dialog = within(await screen.findByRole('dialog'))
    expect(dialog.getAllByRole('listitem').map((li) => li.textContent)).toEqual([
      '办公桌：超过未完成数量，还可以 3',
      '办公椅：超过未完成数量，还可以 1',
    ])
  })

  it('say in their dialog what belongs to none of its inputs', async () => {
    refusal([{ field: 'status', code: 'has_followers', message: '办公桌：已有后续单据，请先作废后续单据' }])
    await show(at('posted'), order)
    fireEvent.click(await screen.findByRole('button', { name: '更多' }))
    fireEvent.click(await screen.findByRole('menuitem', { name: /作废单/ }))
    const dialog = within(await screen.findByRole('dialog'))
    fireEvent.click(dialog.getByRole('button', { name: '作废单' }))
    expect((await dialog.findByRole('alert')).textContent).toBe('办公桌：已有后续单据，请先作废后续单据')
  })
})
