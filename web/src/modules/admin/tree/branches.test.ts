import { describe, expect, it } from 'vitest'
import type { RecordData } from '@/api/types'
import {
  type Branch,
  branchesOf,
  moveTo,
  numbered,
  type Spot,
  spotId,
  spotOf,
  sumWithin,
  within,
} from './branches'

const record = (id: string, parent?: string, sort_order = 0): RecordData => ({
  id,
  version: 1,
  name: id,
  parent: parent ? { id: parent, title: parent } : null,
  sort_order,
})
const top = branchesOf([
  record('sales', undefined, 1),
  record('east', 'sales', 1),
  record('south', 'sales', 2),
  record('shanghai', 'east'),
  record('office', undefined, 2),
  record('lost', 'gone', 3),
])
const ids = (list: Branch[]) => list.map((b) => b.record.id)
const find = (id: string) => top.flatMap(within).find((b) => b.record.id === id) as Branch

describe('a tree of records', () => {
  it('hangs below parents that are in sight', () => {
    expect(ids(top)).toEqual(['sales', 'office', 'lost'])
    expect(ids(within(find('sales')))).toEqual(['sales', 'east', 'shanghai', 'south'])
  })
  it('adds up what is below', () => {
    const own = new Map([
      ['east', 2],
      ['shanghai', 3],
      ['office', 7],
    ])
    expect(sumWithin(find('sales'), own)).toBe(5)
    expect(sumWithin(find('lost'), own)).toBe(0)
  })
})

describe('dropping a record', () => {
  const to = (id: string, spot: Spot, ordered = true) => moveTo(top, id, spot, ordered)
  it('puts it below another, or at the top', () => {
    expect(to('office', { at: 'in', id: 'east' })).toMatchObject({ parent: find('east'), elsewhere: true })
    expect(ids(to('office', { at: 'in', id: 'east' })?.order ?? [])).toEqual(['shanghai', 'office'])
    expect(to('east', { at: 'top' })).toMatchObject({ parent: undefined, elsewhere: true })
  })
  it('puts it beside another where there is an order', () => {
    const move = to('south', { at: 'before', id: 'east' })
    expect(move?.elsewhere).toBe(false)
    expect(ids(move?.order ?? [])).toEqual(['south', 'east'])
    expect(ids(to('shanghai', { at: 'after', id: 'east' })?.order ?? [])).toEqual([
      'east',
      'shanghai',
      'south',
    ])
    expect(to('south', { at: 'before', id: 'east' }, false)).toBeUndefined()
  })
  it('means nothing onto itself, below itself, or where it is', () => {
    expect(to('sales', { at: 'in', id: 'sales' })).toBeUndefined()
    expect(to('sales', { at: 'in', id: 'shanghai' })).toBeUndefined()
    expect(to('sales', { at: 'before', id: 'east' })).toBeUndefined()
    expect(to('east', { at: 'in', id: 'sales' })).toBeUndefined()
    expect(to('east', { at: 'before', id: 'south' })).toBeUndefined()
    expect(to('office', { at: 'top' })).toBeUndefined()
  })
  it('is named in a way that can be read back', () => {
    for (const spot of [{ at: 'in', id: 'a:b' }, { at: 'before', id: 'x' }, { at: 'top' }] as Spot[]) {
      expect(spotOf(spotId(spot))).toEqual(spot)
    }
    expect(spotOf('nonsense')).toBeUndefined()
  })
})

describe('the numbers that keep an order', () => {
  const rows = (...numbers: number[]) => branchesOf(numbers.map((n, i) => record(`r${i}`, undefined, n)))
  const at = (list: Branch[], i: number) => list[i] as Branch
  it('change for the moved one only where there is room', () => {
    const between = rows(1, 99, 20)
    expect(numbered(between, at(between, 1))).toEqual(new Map([['r1', 10]]))
    const last = rows(1, 2, 0)
    expect(numbered(last, at(last, 2))).toEqual(new Map([['r2', 12]]))
    const first = rows(9, 1, 2)
    expect(numbered(first, at(first, 0))).toEqual(new Map([['r0', -9]]))
  })
  it('change for all where there is none', () => {
    const tight = rows(1, 9, 2)
    expect(numbered(tight, at(tight, 1))).toEqual(
      new Map([
        ['r0', 10],
        ['r1', 20],
        ['r2', 30],
      ]),
    )
    const equal = rows(0, 0, 0)
    expect(numbered(equal, at(equal, 2)).size).toBe(3)
  })
})
