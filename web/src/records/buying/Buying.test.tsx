import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render, screen } from '@testing-library/react'
import { App } from 'antd'
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { keys, queryClient } from '@/api/queryClient'
import type { Catalogue, ObjectDef, RecordData } from '@/api/types'
import { startI18n } from '@/locales'
import { field, object } from '../model/testkit'
import { BuyingCentre } from './BuyingCentre'
import { partsOf } from './roles'

const option = (value: string, zh: string, color?: string) => ({ value, label: { zh, en: value }, color })
const role = field('role', 'choice', {
  options: [option('user', '使用者'), option('decider', '决策者', 'red')],
})
const attitude = field('attitude', 'choice', { options: [option('opponent', '反对', 'red')] })
const target = (can: string[]): ObjectDef =>
  ({
    ...object([field('opportunity', 'lookup', { to: 'opportunity' }), role, attitude]),
    name: 'opportunity_contact',
    label: { zh: '购买决策链成员', en: 'Buying centre member' },
    plural: { zh: '购买决策链', en: 'Buying centre' },
    title: 'role',
    can,
  }) as ObjectDef
const deal: RecordData = {
  id: 'o1',
  version: 1,
  name: '单子',
  customer: { id: 'c1', title: '澜海' },
  _can: ['update'],
}
const row = (id: string, more: Record<string, unknown>) => ({ id, version: 1, ...more })

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
})
afterEach(() => {
  cleanup()
  queryClient.clear()
  vi.unstubAllGlobals()
})

function show(items: RecordData[], can = ['create', 'update', 'delete'], record = deal) {
  const definition = target(can)
  queryClient.setQueryData(keys.catalogue, {
    objects: { opportunity_contact: definition },
  } as unknown as Catalogue)
  vi.stubGlobal(
    'fetch',
    async () =>
      new Response(JSON.stringify({ items, next: null, total: items.length }), {
        headers: { 'Content-Type': 'application/json' },
      }),
  )
  render(
    <QueryClientProvider client={queryClient}>
      <App>
        <BuyingCentre target={definition} record={record} />
      </App>
    </QueryClientProvider>,
  )
}
beforeEach(() => queryClient.clear())

it('shows who has which part, in words, and offers the gaps', async () => {
  show([
    row('m1', { role: 'user', contact: { id: 'k1', title: '钱工' }, attitude: 'opponent' }),
    row('m2', { role: 'user', contact: { id: 'k2', title: null }, attitude: 'opponent' }),
  ])
  const link = await screen.findByRole('link', { name: '钱工' })
  expect(link.getAttribute('href')).toBe('/o/contact/k1')
  expect(screen.getAllByText('反对')).toHaveLength(2)
  expect(screen.getByText('无权查看的联系人')).toBeTruthy()
  expect(screen.getByText('还有 1 个角色没有人选')).toBeTruthy()
  expect(screen.getByRole('button', { name: '修改 钱工' })).toBeTruthy()
  expect(screen.getByRole('button', { name: '添加决策者' })).toBeTruthy()
  expect(screen.queryByRole('button', { name: '添加使用者' })).toBeNull()
})

it('offers nothing to who may only read, nor before there is a customer', async () => {
  show([], ['create'], { ...deal, _can: [] })
  expect(await screen.findAllByText('暂无人选')).toHaveLength(2)
  expect(screen.queryByRole('button')).toBeNull()
  cleanup()
  show([], ['create'], { ...deal, customer: null })
  expect(await screen.findByText('填写商机的客户后才能添加成员')).toBeTruthy()
  expect(screen.queryByRole('button')).toBeNull()
})

it('keeps everybody: in the order of the parts, an unknown part last', () => {
  const members = [row('a', { role: 'decider' }), row('b', { role: 'gone' }), row('c', { role: 'decider' })]
  expect(partsOf(role, members).map((p) => [p.value, p.members.length])).toEqual([
    ['user', 0],
    ['decider', 2],
    ['gone', 1],
  ])
  expect(partsOf(undefined, [])).toEqual([])
})
