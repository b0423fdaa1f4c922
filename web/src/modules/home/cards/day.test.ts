import { describe, expect, it } from 'vitest'
import type { Entry } from '@/api/schedule'
import { isOver, planOf, windowOf } from './day'

const at = (hour: number, more: Partial<Entry> = {}): Entry => ({
  object: 'event',
  id: `e${hour}`,
  version: 1,
  title: `at ${hour}`,
  start: `2026-11-23T${String(hour).padStart(2, '0')}:00:00Z`,
  end: `2026-11-23T${String(hour + 1).padStart(2, '0')}:00:00Z`,
  people: [],
  owner: null,
  customer: null,
  ...more,
})
const noon = '2026-11-23T12:00:00Z'
const ids = (entries: Entry[]) => entries.map((e) => e.id)

describe("a day's plan", () => {
  it('begins with whole days, goes on by time and leaves out what was declined', () => {
    const plan = planOf([
      at(9),
      at(3, { answer: 'declined' }),
      at(7, { answer: 'asked' }),
      at(15, { all_day: true }),
    ])
    expect(ids(plan)).toEqual(['e15', 'e7', 'e9'])
  })
  it('has a task where it is due, however early one begins', () => {
    const task = at(1, { object: 'task', id: 't', end: '2026-11-23T10:30:00Z' })
    expect(ids(planOf([task, at(9), at(11)]))).toEqual(['e9', 't', 'e11'])
  })
  it('tells what is over', () => {
    expect(isOver(at(10), noon)).toBe(true)
    expect(isOver(at(12), noon)).toBe(false)
    expect(isOver(at(20, { status: 'done' }), noon)).toBe(true)
    expect(isOver(at(0, { all_day: true }), noon)).toBe(false)
  })
  it('shows what is still to come where there is not room for all', () => {
    const day = [7, 8, 9, 10, 13, 14, 15].map((h) => at(h))
    expect(ids(windowOf(day, 7, noon))).toEqual(ids(day))
    expect(ids(windowOf(day, 3, noon))).toEqual(['e13', 'e14', 'e15'])
    expect(ids(windowOf(day, 4, noon))).toEqual(['e10', 'e13', 'e14', 'e15'])
    expect(ids(windowOf(day, 2, '2026-11-24T00:00:00Z'))).toEqual(['e14', 'e15'])
    expect(ids(windowOf(day, 2, '2026-11-23T00:00:00Z'))).toEqual(['e7', 'e8'])
  })
})
