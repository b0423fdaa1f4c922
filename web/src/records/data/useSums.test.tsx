import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, expect, it, vi } from 'vitest'
import { keys, queryClient } from '@/api/queryClient'
import type { AggregateRow, AggregateSpec, Catalogue, FieldDef } from '@/api/types'
import { field, object } from '../model/testkit'
import { Sum } from '../parts/Sum'
import { useSums } from './useSums'

const amount = field('amount', 'money')
const currency = field('currency', 'text', { groupable: true })
const spec: AggregateSpec = { measures: [{ fn: 'count' }, { fn: 'sum', field: 'amount' }] }

afterEach(() => {
  cleanup()
  queryClient.clear()
  vi.unstubAllGlobals()
})

/** What is asked of the server, and what a list then shows. */
async function asked(fields: FieldDef[], answer: AggregateRow[] | 'refused', wanted = spec) {
  queryClient.setQueryData(keys.catalogue, { workspace: { currency: 'CNY' }, objects: {} } as Catalogue)
  const bodies: AggregateSpec[] = []
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    bodies.push(JSON.parse(String(init.body)))
    return answer === 'refused'
      ? new Response('{"title":"no","detail":"no","status":403,"code":"forbidden"}', { status: 403 })
      : new Response(JSON.stringify({ rows: answer }), { headers: { 'content-type': 'application/json' } })
  })
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
  )
  const { result } = renderHook(() => useSums(object(fields), wanted), { wrapper })
  await waitFor(() => expect(result.current.isPending).toBe(false))
  return { groups: bodies[0]?.group_by ?? [], result: result.current }
}

it('adds no two currencies up, and counts the records of all', async () => {
  const { groups, result } = await asked(
    [amount, currency],
    [
      { currency: 'USD', count: 1, sum_amount: '5.00' },
      { currency: 'CNY', count: 2, sum_amount: '300.00' },
    ],
  )
  expect(groups).toEqual(['currency'])
  expect(result.data).toEqual([
    {
      count: 3,
      sum_amount: [
        { currency: 'CNY', value: '300.00' },
        { currency: 'USD', value: '5.00' },
      ],
    },
  ])
})

it('is a row of nothing where there is nothing', async () => {
  expect((await asked([amount, currency], [])).result.data).toEqual([{ count: 0 }])
})

it('does not ask by a currency that one may not read, nor where there is no money', async () => {
  const hidden = await asked([amount, { ...currency, readable: false }], [{ count: 1, sum_amount: '1.00' }])
  expect(hidden.groups).toEqual([])
  expect(hidden.result.data).toEqual([{ count: 1, sum_amount: '1.00' }])
  queryClient.clear()
  const days: AggregateSpec = { measures: [{ fn: 'sum', field: 'days' }] }
  expect((await asked([field('days', 'integer'), currency], [{ sum_days: 9 }], days)).groups).toEqual([])
})

it('says that it could not be known', async () => {
  const { result } = await asked([amount, currency], 'refused')
  expect(result.isError).toBe(true)
  expect(result.data).toBeUndefined()
})

it('is shown as one amount for each currency', () => {
  queryClient.setQueryData(keys.catalogue, { workspace: { currency: 'CNY' }, objects: {} } as Catalogue)
  const two = [
    { currency: 'CNY', value: '300.00' },
    { currency: 'USD', value: '5.00' },
  ]
  const shown = (value: unknown, of: FieldDef = amount) => {
    cleanup()
    return render(
      <QueryClientProvider client={queryClient}>
        <Sum field={of} value={value} />
      </QueryClientProvider>,
    ).container.textContent
  }
  expect(shown(two)).toMatch(/¥\s?300.*\+.*US\$\s?5|¥\s?300.*\+.*\$\s?5/)
  expect(shown('1200.50')).toContain('1,200.50')
  expect(shown([])).toMatch(/0/)
  expect(shown(7, field('days', 'integer'))).toBe('7')
})
