import { describe, expect, it } from 'vitest'
import type { FieldDef, ObjectDef, RecordData } from '@/api/types'
import { askable, moved } from './order'

const stages: RecordData[] = ['a', 'b', 'c', 'd'].map((id, i) => ({ id, version: 1, sort_order: i + 1 }))
const plan = (id: string, to: number, from = stages) =>
  moved(from, id, to).map(({ record, order }) => `${record.id}${order}`)

describe('the order of stages', () => {
  it('is written for those whose place changes, and only for them', () => {
    expect(plan('a', 2)).toEqual(['b1', 'c2', 'a3'])
    expect(plan('d', 0)).toEqual(['d1', 'a2', 'b3', 'c4'])
    expect(plan('b', 1)).toEqual([])
    expect(plan('b', 4)).toEqual([])
    expect(plan('x', 0)).toEqual([])
  })

  it('mends numbers that are not in a row', () => {
    const odd = stages.map((s) => ({ ...s, sort_order: 0 }))
    expect(plan('a', 1, odd)).toEqual(['b1', 'a2', 'c3', 'd4'])
  })
})

describe('what a stage may ask for', () => {
  it('is what somebody can fill', () => {
    const f = (name: string, more: Partial<FieldDef> = {}) => ({
      name,
      type: 'text' as const,
      label: { zh: name, en: name },
      operators: [],
      ...more,
    })
    const all = [
      f('amount'),
      f('stage'),
      f('number', { type: 'auto_number' }),
      f('moved_at', { writable: false }),
      f('owner', { system: true }),
      f('secret', { hidden: true }),
    ]
    const object = { fields: Object.fromEntries(all.map((one) => [one.name, one])) } as unknown as ObjectDef
    expect(askable(object).map((one) => one.name)).toEqual(['amount'])
    expect(askable(undefined)).toEqual([])
  })
})
