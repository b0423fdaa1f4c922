import { QueryClientProvider } from '@tanstack/react-query'
import { act, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from './client'
import { goneForGood, inPool, type Pool, putBack, takeOut, useClaim, usedUp } from './pools'
import { keys, queryClient } from './queryClient'
import type { RecordData, RecordPage } from './types'

const row = (id: string): RecordData => ({ id, version: 1, name: id })
const listKey = (filter: unknown) => keys.list('customer', { filter, cursor: null })
const pooled = listKey({ and: [inPool('sea'), ['level', '=', 'a']] })
const others = listKey(inPool('lake'))
const all = listKey(undefined)
const ids = (key: readonly unknown[]) =>
  queryClient
    .getQueryData<{ pages: RecordPage[] }>(key)
    ?.pages.flatMap((p) => p.items)
    .map((r) => r.id)

const refusal = (code: string, status = 409) => new ApiError({ title: code, detail: code, status, code })

beforeEach(() => {
  for (const key of [pooled, others, all])
    queryClient.setQueryData(key, {
      pages: [{ items: ['a', 'b', 'c'].map(row), next: null }],
      pageParams: [null],
    })
})
afterEach(() => {
  queryClient.clear()
  vi.unstubAllGlobals()
})

describe('a row that is claimed', () => {
  it('leaves the lists of its pool only, and comes back to its place', () => {
    const taken = takeOut('customer', 'sea', ['b'])
    expect(ids(pooled)).toEqual(['a', 'c'])
    expect(ids(others)).toEqual(['a', 'b', 'c'])
    expect(ids(all)).toEqual(['a', 'b', 'c'])
    putBack(taken)
    expect(ids(pooled)).toEqual(['a', 'b', 'c'])
    // Read again meanwhile: it is there already.
    putBack(taken)
    expect(ids(pooled)).toEqual(['a', 'b', 'c'])
  })
  it('does not bring back those claimed beside it', () => {
    const first = takeOut('customer', 'sea', ['b'])
    takeOut('customer', 'sea', ['c'])
    putBack(first)
    expect(ids(pooled)).toEqual(['a', 'b'])
  })
  it('stays away where somebody else has it', () => {
    expect(goneForGood(refusal('already_claimed'))).toBe(true)
    expect(goneForGood(refusal('not_in_pool'))).toBe(true)
    expect(goneForGood(refusal('not_found', 404))).toBe(true)
    expect(goneForGood(refusal('claim_limit'))).toBe(false)
    expect(goneForGood(new Error('offline'))).toBe(false)
  })
})

describe('claiming', () => {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
  )
  const answer = (status: number, body: unknown) =>
    new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
  const claim = (input: { id: string; wait?: boolean }, reply: () => Promise<Response>) => {
    const fetched = vi.fn(reply)
    vi.stubGlobal('fetch', fetched)
    const { result } = renderHook(() => useClaim('customer'), { wrapper })
    act(() => result.current.mutate({ pool: 'sea', ...input }))
    return { result, fetched }
  }
  const refused = (code: string) => async () =>
    answer(409, { title: code, detail: '今天已领取 2 条', status: 409, code })

  it('takes the row at once and asks the server', async () => {
    let done: (r: Response) => void = () => {}
    const { result, fetched } = claim({ id: 'b' }, () => new Promise((resolve) => (done = resolve)))
    await waitFor(() => expect(ids(pooled)).toEqual(['a', 'c']))
    await waitFor(() => expect(fetched).toHaveBeenCalled())
    const [path, init] = fetched.mock.calls[0] as unknown as [string, RequestInit]
    expect(path).toBe('/api/v1/records/customer/b/actions/claim')
    expect(init.method).toBe('POST')
    done(answer(200, { ...row('b'), owner: { id: 'me', title: '我' }, pool: null }))
    await waitFor(() => expect(result.current.isSuccess).toBe(true))
    expect(ids(pooled)).toEqual(['a', 'c'])
  })
  it('brings the row back when it is refused, with the words', async () => {
    const { result } = claim({ id: 'b' }, refused('claim_limit'))
    await waitFor(() => expect(result.current.isError).toBe(true))
    expect(result.current.error?.problem.detail).toBe('今天已领取 2 条')
    expect(ids(pooled)).toEqual(['a', 'b', 'c'])
  })
  it('leaves it out when a colleague was faster', async () => {
    const { result } = claim({ id: 'b' }, refused('already_claimed'))
    await waitFor(() => expect(result.current.isError).toBe(true))
    expect(ids(pooled)).toEqual(['a', 'c'])
  })
  it('waits where a refusal is to be expected', async () => {
    const { fetched } = claim({ id: 'b', wait: true }, () => new Promise(() => {}))
    await waitFor(() => expect(fetched).toHaveBeenCalled())
    expect(ids(pooled)).toEqual(['a', 'b', 'c'])
  })
})

describe('the claims of a day', () => {
  const pool = (daily_claim_limit: number | null, claimed_today: number) =>
    ({ daily_claim_limit, claimed_today }) as Pool
  it('are used up at the limit, if there is one', () => {
    expect(usedUp(pool(2, 1))).toBe(false)
    expect(usedUp(pool(2, 2))).toBe(true)
    expect(usedUp(pool(null, 100))).toBe(false)
  })
})
