import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { queryClient } from '@/api/queryClient'
import { startI18n } from '@/locales'
import { PriceHint } from './PriceHint'

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
})
afterEach(() => {
  cleanup()
  queryClient.clear()
  vi.unstubAllGlobals()
})

const told = {
  product: 'p1',
  unit: '台',
  active: true,
  tax_rate: '13',
  currency: 'CNY',
  tax_included: true,
  price: '900.1234',
  list_price: '1000',
  origin: 'price_book',
  book: { id: 'b1', name: 'A 级客户' },
  min_quantity: '10',
  max_discount: '5',
}

function show(row: Record<string, unknown>, answer: object, parent?: Record<string, unknown>, status = 200) {
  const asked: URL[] = []
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(new URL(path, 'http://page'))
    return new Response(JSON.stringify(answer), { status, headers: { 'Content-Type': 'application/json' } })
  })
  render(
    <QueryClientProvider client={queryClient}>
      <PriceHint row={row} parent={parent} />
    </QueryClientProvider>,
  )
  return asked
}

it('asks for the customer, the currency, the day and the quantity of the document', async () => {
  const parent = {
    customer: { id: 'c1', title: '海象' },
    currency: 'CNY',
    date: '2026-11-21',
    tax_included: true,
  }
  const asked = show({ product: { id: 'p1', title: '机器人' }, quantity: '10' }, told, parent)
  expect((await screen.findByRole('status')).textContent).toBe(
    '¥900.1234 / 台 · 含税 13% · 价格表：A 级客户 · 最多再优惠 5%',
  )
  expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toMatchObject({
    product: 'p1',
    customer: 'c1',
    currency: 'CNY',
    date: '2026-11-21',
    quantity: '10',
    tax_included: 'true',
  })
})

it('says that there is no price, and that a product is not sold any more', async () => {
  show({ product: 'p1' }, { ...told, active: false, price: null, book: null, currency: 'USD', origin: null })
  expect((await screen.findByRole('status')).textContent).toBe('已停售 · 没有 USD 价格，请填写单价')
})

it('asks nothing without a product, and says nothing where there is nothing to know', async () => {
  expect(show({ product: null }, told)).toEqual([])
  cleanup()
  const asked = show({ product: 'p1' }, { status: 404, code: 'not_found', title: '' }, undefined, 404)
  await waitFor(() => expect(asked.length).toBe(1))
  expect(screen.queryByRole('status')).toBeNull()
})
