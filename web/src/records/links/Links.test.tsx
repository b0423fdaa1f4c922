import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { App } from 'antd'
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { keys, queryClient } from '@/api/queryClient'
import type { Catalogue, ObjectDef } from '@/api/types'
import { startI18n } from '@/locales'
import { field, object } from '../model/testkit'
import { Links } from './Links'

const customer: ObjectDef = {
  ...object([field('name', 'text'), field('parent', 'lookup', { to: 'customer', masked: true })]),
  name: 'customer',
}
const contact: ObjectDef = {
  ...object([field('name', 'text'), field('customer', 'lookup', { to: 'customer' })]),
  name: 'contact',
}
const record = { id: 'c1', version: 1, name: '澜海', parent: { id: 'p1', title: '集团' } }

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
})
beforeEach(() => {
  queryClient.setQueryData(keys.catalogue, { objects: { customer, contact } } as unknown as Catalogue)
})
afterEach(() => {
  cleanup()
  queryClient.clear()
  vi.unstubAllGlobals()
})

function show(answer: (path: string) => Response) {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path)
    return answer(path)
  })
  render(
    <QueryClientProvider client={queryClient}>
      <App>
        <Links object={customer} record={record} />
      </App>
    </QueryClientProvider>,
  )
  return asked
}
const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })

it('lists in words what it draws, counts the others, and asks nothing of what is hidden or masked', async () => {
  const asked = show(() => json({ items: [{ id: 'k1', version: 1, name: '龚女士' }], next: 'x', total: 61 }))
  fireEvent.click(await screen.findByText('列表'))
  const list = screen.getByRole('list', { name: '澜海的关系' })
  expect(within(list).getAllByRole('listitem')).toHaveLength(1)
  expect(within(list).getByRole('link', { name: '龚女士' }).getAttribute('href')).toBe('/o/contact/k1')
  expect(screen.getByText(/另有 60 个没有画出/)).toBeTruthy()
  expect(asked).toHaveLength(1)
  expect(asked[0]).toContain('/records/contact')
})

it('says so where there is nobody', async () => {
  show(() => json({ items: [], next: null, total: 0 }))
  expect(await screen.findByText('还没有上下级公司、客户关系和联系人')).toBeTruthy()
})

it('says what failed, with a way to try again', async () => {
  show(() => json({ title: '坏了', status: 400, code: 'bad' }, 400))
  expect(await screen.findByRole('button', { name: '再试一次' })).toBeTruthy()
})
