import { QueryClientProvider } from '@tanstack/react-query'
import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { keys, queryClient } from '@/api/queryClient'
import { startI18n } from '@/locales'
import { PeopleTable } from './PeopleTable'
import type { useFigures } from './useFigures'

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
})
afterEach(() => {
  cleanup()
  queryClient.clear()
  vi.unstubAllGlobals()
})

/** What is watched, and a way to bring it in sight. */
function watching() {
  const seen = new Map<Element, () => void>()
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(private tell: (found: { isIntersecting: boolean }[]) => void) {}
      observe(box: Element) {
        seen.set(box, () => this.tell([{ isIntersecting: true }]))
      }
      disconnect() {}
    },
  )
  return seen
}

it('counts the days of those who are in sight, and of the others when they are', async () => {
  const inSight = watching()
  const asked: string[][] = []
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    asked.push(JSON.parse(String(init.body)).filter.and[0][2])
    return new Response(JSON.stringify({ rows: [] }), { headers: { 'content-type': 'application/json' } })
  })
  queryClient.setQueryData(keys.catalogue, { workspace: { currency: 'CNY' }, objects: {}, modules: [] })
  const people = Array.from({ length: 60 }, (_, i) => ({ id: `u${i}`, name: `某${i}` }))
  const data = {
    questions: [{ key: 'week', object: 'follow_up', filter: ['happened_at', 'within', 'this_week'] }],
    figures: { week: new Map() },
    days: ['2026-11-20', '2026-11-21'],
    bars: true,
    failed: false,
    retry: () => {},
  } as ReturnType<typeof useFigures>
  render(
    <QueryClientProvider client={queryClient}>
      <PeopleTable
        people={people as never}
        data={data}
        sort={{ key: 'name', down: false }}
        onSort={() => {}}
        onOpen={() => {}}
      />
    </QueryClientProvider>,
  )
  expect(screen.getAllByRole('row')).toHaveLength(61)
  const parts = [...inSight.values()]
  expect(parts).toHaveLength(3)
  expect(asked).toEqual([])
  act(() => parts[0]?.())
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  expect(asked[0]).toEqual(people.slice(0, 25).map((p) => p.id))
  act(() => parts[2]?.())
  await vi.waitFor(() => expect(asked).toHaveLength(2))
  expect(asked[1]).toEqual(people.slice(50).map((p) => p.id))
})
