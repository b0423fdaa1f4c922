import { expect, it } from 'vitest'
import { byNeed } from './need'

it('names first with whom most is late, then who was heard of least, and keeps the order of equals', () => {
  const people = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }))
  const late: Record<string, number> = { c: 2 }
  const heard: Record<string, number> = { a: 5, b: 0, c: 9, d: 5, e: 1 }
  const order = byNeed(
    people,
    (id) => late[id] ?? 0,
    (id) => heard[id] ?? 0,
  )
  expect(order.map((p) => p.id)).toEqual(['c', 'b', 'e', 'a', 'd'])
  expect(people.map((p) => p.id)).toEqual(['a', 'b', 'c', 'd', 'e'])
})
