import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { App } from 'antd'
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { keys, queryClient } from '@/api/queryClient'
import type { Catalogue, ObjectDef, RecordData } from '@/api/types'
import { startI18n } from '@/locales'
import { field, object } from '../../model/testkit'
import { telling } from './columns'
import { DocumentLines } from './DocumentLines'
import { openOf } from './open'

configure({ asyncUtilTimeout: 8000 })
vi.setConfig({ testTimeout: 30_000 })

const named = (name: string, zh: string, type: Parameters<typeof field>[1], more = {}) =>
  field(name, type, { label: { zh, en: name }, ...more })
const line: ObjectDef = {
  ...object(
    [
      named('name', '名称', 'text'),
      named('quote', '报价单', 'lookup', { to: 'quote' }),
      named('line_no', '行号', 'integer'),
      named('quantity', '数量', 'decimal'),
      named('price', '单价', 'money'),
      named('discount', '优惠', 'percent'),
      named('amount', '金额', 'money', { writable: false }),
    ],
    { create: { fields: ['quote', 'name', 'quantity', 'price'] } },
  ),
  name: 'quote_line',
  plural: { zh: '报价单明细', en: 'Quote lines' },
  traits: ['child_of'],
  parent: 'quote',
  can: ['create', 'update', 'delete'],
}
const quote: ObjectDef = {
  ...object(
    [
      field('number', 'text'),
      field('status', 'text'),
      ...['amount', 'tax', 'total', 'difference'].map((n) => field(n, 'money')),
    ],
    {
      create: { fields: [], lines: ['quote_line'] },
      detail: {
        sections: [],
        related: [
          {
            object: 'quote_line',
            field: 'quote',
            columns: ['line_no', 'name', 'quantity', 'price', 'discount', 'amount'],
          },
        ],
      },
    },
  ),
  name: 'quote',
  title: 'number',
  closed: [{ field: 'status', values: ['posted'], keeps: [] }],
}
const document = (status: string, more = {}): RecordData => ({
  id: 'q1',
  version: 1,
  status,
  amount: '30.00',
  tax: '3.45',
  total: '30.00',
  difference: '0.00',
  ...more,
})
const row = (n: number): RecordData => ({
  id: `l${n}`,
  version: 1,
  line_no: n,
  name: `货 ${n}`,
  quantity: '3',
  price: '10.00',
  discount: '0',
  amount: '30.00',
})

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
})
let rows: RecordData[]
let calls: { method: string; path: string; body: unknown }[]
let refuse: { field: string; message: string }[] | undefined
beforeEach(() => {
  rows = [row(1), row(2)]
  calls = []
  refuse = undefined
})
afterEach(() => {
  cleanup()
  queryClient.clear()
  sessionStorage.clear()
  vi.unstubAllGlobals()
})

async function show(record: RecordData) {
  queryClient.setQueryData(keys.catalogue, {
    version: 't',
    workspace: { name: 'default', title: '测试', currency: 'CNY', time_zone: 'Asia/Shanghai' },
    abilities: [],
    modules: [],
    objects: { quote, quote_line: line },
  } as unknown as Catalogue)
  queryClient.setQueryData(keys.session, {
    user: { id: 'u1', name: '李', login: 'li', roles: [] },
    preferences: {},
  })
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
    const method = init?.method ?? 'GET'
    const body = init?.body ? (JSON.parse(String(init.body)) as Record<string, unknown>) : undefined
    calls.push({ method, path, body })
    const json = (value: unknown, status = 200) =>
      new Response(JSON.stringify(value), { status, headers: { 'Content-Type': 'application/json' } })
    if (method === 'POST') {
      if (refuse)
        return json({ title: '', status: 422, code: 'invalid', detail: '请检查', errors: refuse }, 422)
      const made = { ...row(rows.length + 1), ...body }
      rows = [...rows, made]
      return json(made, 201)
    }
    if (method === 'DELETE') {
      rows = rows.filter((r) => !path.includes(r.id))
      return new Response(null, { status: 204 })
    }
    return json({ items: rows, next: null, total: rows.length })
  })
  render(
    <QueryClientProvider client={queryClient}>
      <App>
        <DocumentLines object={quote} record={record} />
      </App>
    </QueryClientProvider>,
  )
  await screen.findByRole('region', { name: '报价单明细' })
  await waitFor(() => expect(queryClient.isFetching()).toBe(0))
}
const cells = () =>
  screen.getAllByRole('row').map((r) => [...r.children].map((c) => c.textContent ?? '').join('|'))

it('writes one line after the other with Enter and leaves with Escape', async () => {
  await show(document('draft'))
  fireEvent.click(screen.getByRole('button', { name: '添加一行' }))
  const form = within(await screen.findByRole('group', { name: '新的一行' }))
  const name = form.getByRole('textbox', { name: /名称/ })
  await waitFor(() => expect(window.document.activeElement).toBe(name))
  fireEvent.change(name, { target: { value: '运费' } })
  fireEvent.change(form.getByRole('spinbutton', { name: /数量/ }), { target: { value: '2' } })
  // Enter that ends a composition is none.
  fireEvent.keyDown(name, { key: 'Enter', isComposing: true })
  expect(calls.filter((c) => c.method === 'POST')).toHaveLength(0)
  fireEvent.keyDown(form.getByRole('spinbutton', { name: /数量/ }), { key: 'Enter' })
  await waitFor(() =>
    expect(calls.find((c) => c.method === 'POST')?.body).toEqual({
      name: '运费',
      quantity: '2',
      quote: 'q1',
    }),
  )
  expect(await screen.findByText('运费')).toBeTruthy()
  // The next one is begun, empty.
  const next = await waitFor(() => {
    const box = form.getByRole<HTMLInputElement>('textbox', { name: /名称/ })
    expect([box.value, window.document.activeElement]).toEqual(['', box])
    return box
  })
  fireEvent.keyDown(next, { key: 'Escape' })
  expect(screen.queryByRole('group')).toBeNull()
  await waitFor(() => expect(window.document.activeElement?.textContent).toContain('添加一行'))
})

it('says at its place why a line is refused, and keeps what was typed', async () => {
  await show(document('draft'))
  refuse = [
    { field: 'price', message: '请填写单价' },
    { field: 'quote', message: '一张单据最多 2000 行' },
  ]
  fireEvent.click(screen.getByRole('button', { name: '添加一行' }))
  const form = within(await screen.findByRole('group', { name: '新的一行' }))
  const name = form.getByRole<HTMLInputElement>('textbox', { name: /名称/ })
  fireEvent.change(name, { target: { value: '运费' } })
  fireEvent.keyDown(name, { key: 'Enter' })
  await waitFor(() =>
    expect(form.getAllByRole('alert').map((a) => a.textContent)).toEqual([
      '请填写单价',
      '一张单据最多 2000 行',
    ]),
  )
  expect(name.value).toBe('运费')
})

it('takes a line away and shows what the document comes to', async () => {
  await show(document('draft', { difference: '0.01' }))
  expect(cells()[1]).toContain('货 1|3|¥10.00|0%|¥30.00')
  const sums = () => [...window.document.querySelectorAll('[data-sum]')].map((d) => d.textContent)
  expect(sums()).toEqual(['¥30.00', '¥3.45', '¥0.01', '¥30.00'])
  fireEvent.click(screen.getByRole('button', { name: '移除 货 1' }))
  await waitFor(() => expect(screen.queryByText('货 1')).toBeNull())
  expect(calls.find((c) => c.method === 'DELETE')?.path).toContain('/records/quote_line/l1')
})

it('is read only once the document is closed, without columns that say nothing', async () => {
  await show(document('posted'))
  expect(cells()).toEqual([
    '行号|名称|数量|单价|金额',
    '打开第 1 行1|货 1|3|¥10.00|¥30.00',
    '打开第 2 行2|货 2|3|¥10.00|¥30.00',
  ])
  expect(screen.queryByRole('button')).toBeNull()
})

it('says what to do where there is no line yet', async () => {
  rows = []
  await show(document('draft'))
  expect(await screen.findByText('还没有明细，从添加第一行开始。')).toBeTruthy()
})

it('leaves out of a closed document what is nothing in all lines only', () => {
  const columns = Object.values(line.fields)
  const shown = (rows: RecordData[], closed: boolean) =>
    telling({ target: line, columns }, rows, closed).map((f) => f.name)
  expect(shown([row(1)], true)).not.toContain('discount')
  expect(shown([row(1), { ...row(2), discount: '5' }], true)).toContain('discount')
  expect(shown([row(1)], false)).toContain('discount')
})

it('knows how much is open on the line it is made from', () => {
  const of = (line: string, values: Record<string, unknown>) =>
    openOf(line, { id: 'x', version: 1, ...values })
  const ordered = (values: Record<string, string>) => ({
    order_line: { id: 'o', title: '货' },
    ...Object.fromEntries(Object.entries(values).map(([k, v]) => [`order_line.${k}`, v])),
  })
  expect(of('delivery_line', ordered({ quantity: '10', delivered: '4' }))).toBe('6')
  expect(of('delivery_line', ordered({ quantity: '10', delivered: '10' }))).toBe('0')
  const invoiced = { quantity: '10', delivered: '6', returned: '1', invoiced: '2' }
  expect(of('invoice_line', ordered({ ...invoiced, 'sales_order.invoice_by': 'delivered' }))).toBe('3')
  expect(of('invoice_line', ordered({ ...invoiced, 'sales_order.invoice_by': 'ordered' }))).toBe('7')
  expect(of('return_line', ordered({ delivered: '6', returned: '1' }))).toBe('5')
  // Two came back, of which no more is credited than was invoiced beyond what is kept.
  const credit = {
    return_line: { id: 'r', title: '货' },
    'return_line.quantity': '2',
    'return_line.credited': '0',
    ...ordered({
      quantity: '10',
      delivered: '10',
      returned: '2',
      invoiced: '9',
      'sales_order.invoice_by': 'delivered',
    }),
  }
  expect(of('invoice_line', credit)).toBe('-1')
  expect(of('delivery_line', {})).toBeUndefined()
  expect(of('delivery_line', { order_line: { id: 'o', title: '货' } })).toBeUndefined()
})
