import { QueryClientProvider } from '@tanstack/react-query'
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from '@tanstack/react-router'
import { cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { App } from 'antd'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { keys, queryClient } from '@/api/queryClient'
import type { Catalogue, ObjectDef, RecordData } from '@/api/types'
import { startI18n } from '@/locales'
import { field, object } from '../../model/testkit'
import { Trail } from './Trail'
import { groupsOf } from './trail'

configure({ asyncUtilTimeout: 8000 })
vi.setConfig({ testTimeout: 30_000 })

const options = ['draft', 'posted', 'replaced', 'reversed'].map((value) => ({
  value,
  label: { zh: `态${value}`, en: value },
}))
const doc = (name: string, zh: string, links: string[]): ObjectDef => ({
  ...object([
    field('number', 'text'),
    field('status', 'choice', { options }),
    field('total', 'money'),
    ...[...links, name === 'invoice' ? 'sales_return' : '']
      .filter(Boolean)
      .map((to) => field(to, 'lookup', { to })),
    field('corrects', 'lookup', { to: name }),
    field('kind', 'choice', {
      options: [{ value: 'credit_note', label: { zh: '红字发票', en: 'Credit note' } }],
    }),
  ]),
  name,
  label: { zh, en: name },
  title: 'number',
  closed: [{ field: 'status', values: ['posted'], keeps: [] }],
})
const objects: Catalogue['objects'] = Object.fromEntries(
  [
    doc('quote', '报价单', []),
    doc('contract', '合同', ['quote']),
    doc('sales_order', '销售订单', ['quote', 'contract']),
    doc('delivery', '发货单', ['sales_order']),
    doc('invoice', '发票', ['sales_order']),
    doc('sales_return', '退货单', ['sales_order']),
  ].map((o) => [o.name, o]),
)
const rec = (id: string, more: Partial<RecordData> = {}): RecordData => ({
  id,
  version: 1,
  number: id.toUpperCase(),
  status: 'posted',
  total: '100.00',
  ...more,
})
const ref = (id: string) => ({ id, title: id.toUpperCase() })
const stored: Record<string, RecordData[]> = {
  quote: [rec('q1')],
  contract: [],
  sales_order: [rec('o1', { quote: ref('q1') })],
  delivery: [
    rec('d1', { sales_order: ref('o1'), status: 'reversed', total: null }),
    rec('d2', { sales_order: ref('o1'), total: null }),
    rec('d3', { sales_order: ref('o1'), status: 'draft', total: null }),
  ],
  invoice: [
    rec('i1', { sales_order: ref('o1') }),
    rec('i2', { sales_order: ref('o1'), kind: 'credit_note', total: '-20.00' }),
  ],
  sales_return: [rec('r1', { sales_order: ref('o1') })],
}

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
})
afterEach(() => {
  cleanup()
  queryClient.clear()
  vi.unstubAllGlobals()
})

async function show(name: string, record: RecordData) {
  queryClient.setQueryData(keys.catalogue, {
    version: 't',
    workspace: { name: 'default', title: '测试', currency: 'CNY', time_zone: 'Asia/Shanghai' },
    abilities: [],
    modules: [],
    objects,
  } as unknown as Catalogue)
  queryClient.setQueryData(keys.session, null)
  const asked: string[] = []
  vi.stubGlobal('fetch', async (path: string) => {
    const url = new URL(path, 'http://x')
    const [, , , , kind = '', id] = url.pathname.split('/')
    asked.push(url.pathname + url.search)
    const filter = JSON.parse(url.searchParams.get('filter') ?? 'null') as [string, string, unknown] | null
    const wanted = ([] as unknown[]).concat(filter?.[2] ?? [])
    const named = (r: RecordData) => (r[filter?.[0] ?? ''] as { id: string } | undefined)?.id
    const body = id
      ? stored[kind]?.find((r) => r.id === id)
      : { items: stored[kind]?.filter((r) => wanted.includes(named(r))), next: null }
    return new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } })
  })
  const root = createRootRoute({ component: Outlet })
  const router = createRouter({
    routeTree: root.addChildren([
      createRoute({
        getParentRoute: () => root,
        path: '/',
        component: () => <Trail object={objects[name] as ObjectDef} record={record} />,
      }),
      createRoute({ getParentRoute: () => root, path: '/o/$object/$id', component: () => <p>record</p> }),
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
  return { router, asked }
}

it('tells from the offer to the credit what belongs to an order', async () => {
  const { router } = await show('sales_order', stored.sales_order?.[0] as RecordData)
  const strip = within(await screen.findByRole('navigation', { name: '单据链' }))
  expect(strip.getAllByRole('listitem').map((li) => li.textContent?.trim())).toEqual([
    '报价单态postedQ1¥100.00',
    '销售订单态postedO1¥100.00',
    '发货单 ×3',
    '发票态postedI1¥100.00',
    '退货单态postedR1¥100.00',
    '红字发票态postedI2-¥20.00',
  ])
  expect(strip.getByText('O1').closest('[aria-current="page"]')).toBeTruthy()
  expect(strip.queryByRole('link', { name: 'O1' })).toBeNull()
  expect(strip.getByRole('link', { name: 'Q1' }).getAttribute('href')).toBe('/o/quote/q1')
  // Several of a kind open from their button, those that do not hold any more struck through.
  fireEvent.click(strip.getByRole('button', { name: '发货单 ×3，展开' }))
  const menu = within(await screen.findByRole('menu'))
  expect(menu.getAllByRole('menuitem').map((m) => m.textContent)).toEqual([
    'D1态reversed',
    'D2态posted',
    'D3态draft',
  ])
  fireEvent.click(menu.getByText('D3'))
  await waitFor(() => expect(router.state.location.pathname).toBe('/o/delivery/d3'))
})

it('tells the same from one of its deliveries', async () => {
  await show('delivery', stored.delivery?.[1] as RecordData)
  const strip = within(await screen.findByRole('navigation', { name: '单据链' }))
  expect(strip.getAllByRole('listitem')).toHaveLength(6)
  expect(strip.getByText('D2').closest('[aria-current="page"]')).toBeTruthy()
  expect(strip.getByRole('link', { name: 'O1' })).toBeTruthy()
})

it('says nothing of a document that stands alone, and nothing of what may not be seen', async () => {
  const { asked } = await show('quote', rec('q9'))
  await waitFor(() => expect(asked.length).toBeGreaterThan(2))
  await waitFor(() => expect(queryClient.isFetching()).toBe(0))
  expect(screen.queryByRole('navigation')).toBeNull()
  const hidden = groupsOf(
    [
      { object: 'quote', ref: { id: 'q1', title: null } },
      { object: 'sales_order', record: rec('o1') },
    ],
    'o1',
  )
  expect(hidden).toEqual([])
})
