import { describe, expect, it } from 'vitest'
import type { FieldDef, ObjectDef } from '@/api/types'
import { poolColumns } from './columns'

const object = (names: string[], columns: string[]): ObjectDef => ({
  name: 'customer',
  module: 'customer',
  label: { zh: '客户', en: 'Customer' },
  plural: { zh: '客户', en: 'Customers' },
  title: 'name',
  traits: ['owned'],
  can: [],
  fields: Object.fromEntries(names.map((name) => [name, { name } as FieldDef])),
  layout: { list: { columns } },
})

describe('the columns of a pool', () => {
  const told = ['former_owner', 'pooled_at', 'release_reason']
  it('begin with the name and why the record is there, without an owner', () => {
    expect(
      poolColumns(
        object(['name', 'level', 'owner', 'pool', ...told], ['name', 'owner', 'level', 'pool']),
        [],
      ),
    ).toEqual(['name', ...told, 'level'])
  })
  it('are not doubled, and leave out what the viewer may not know', () => {
    expect(poolColumns(object(['name', 'pooled_at'], ['pooled_at', 'name']), [])).toEqual([
      'name',
      'pooled_at',
    ])
  })
  it('leave out what the pool hides', () => {
    expect(poolColumns(object(['name', 'level', 'mobile'], ['name', 'mobile', 'level']), ['mobile'])).toEqual(
      ['name', 'level'],
    )
  })
})
