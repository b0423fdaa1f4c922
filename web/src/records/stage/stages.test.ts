import { describe, expect, it } from 'vitest'
import type { FieldDef, ObjectDef, RecordData } from '@/api/types'
import { missingFor, nextOf, rottenDays, stagedOf } from './stages'

const field = (name: string, more: Partial<FieldDef> = {}): FieldDef => ({
  name,
  type: 'text',
  label: { zh: name, en: name },
  operators: [],
  ...more,
})
const object = (name: string, fields: FieldDef[]): ObjectDef =>
  ({ name, fields: Object.fromEntries(fields.map((f) => [f.name, f])) }) as unknown as ObjectDef
const record = (values: Record<string, unknown>): RecordData => ({ id: 'x', version: 1, ...values })

const stage = object('stage', [field('name'), field('required_fields', { type: 'tags' })])
const deal = object('opportunity', [
  field('name'),
  field('amount', { type: 'money' }),
  field('secret', { readable: false }),
  field('pipeline', { type: 'lookup', to: 'pipeline' }),
  field('stage', { type: 'lookup', to: 'stage', where: { pipeline: 'pipeline' } }),
  field('furthest_stage', { type: 'lookup', to: 'stage' }),
])

describe('stages', () => {
  it('finds the lookup that says where a record stands', () => {
    const found = stagedOf(deal, { stage, opportunity: deal })
    expect([found?.field.name, found?.own, found?.theirs]).toEqual(['stage', 'pipeline', 'pipeline'])
    expect(stagedOf(stage, { stage })).toBeUndefined()
  })

  it('names what is missing, and nothing that one may not see or that is gone', () => {
    const asks = record({ required_fields: ['amount', 'name', 'secret', 'gone'] })
    const names = (values: Record<string, unknown>) =>
      missingFor(deal, asks, record(values)).map((f) => f.name)
    expect(names({ amount: null, name: '  ' })).toEqual(['amount', 'name'])
    expect(names({ amount: '0.00', name: 'x' })).toEqual([])
    expect(missingFor(deal, record({ required_fields: null }), record({}))).toEqual([])
  })

  it('leads from open stages onwards, past lost', () => {
    const way = [
      record({ id: 'a', kind: 'open' }),
      record({ id: 'l', kind: 'lost' }),
      record({ id: 'w', kind: 'won' }),
    ]
    expect(nextOf(way, 'a')?.id).toBe('w')
    expect(nextOf(way, 'w')).toBeUndefined()
    expect(nextOf(way, 'elsewhere')).toBeUndefined()
  })

  it('marks what has not moved for as long as its stage says', () => {
    const now = Date.parse('2026-11-21T00:00:00Z')
    const moved = (iso: string | null, stage: Record<string, unknown>) =>
      rottenDays(record({ moved_at: iso }), record(stage), now)
    expect(moved('2026-11-07T00:00:00Z', { rotting_days: 14, kind: 'open' })).toBe(14)
    expect(moved('2026-11-07T00:00:01Z', { rotting_days: 14, kind: 'open' })).toBeUndefined()
    expect(moved('2026-01-01T00:00:00Z', { rotting_days: null, kind: 'open' })).toBeUndefined()
    expect(moved('2026-01-01T00:00:00Z', { rotting_days: 14, kind: 'won' })).toBeUndefined()
    expect(moved(null, { rotting_days: 14, kind: 'open' })).toBeUndefined()
  })
})
