import { expect, it } from 'vitest'
import type { ObjectDef } from '@/api/types'
import { object } from '@/records/model/testkit'
import { settingLists } from './settingLists'

const named = (...names: string[]): Record<string, ObjectDef> =>
  Object.fromEntries(names.map((name) => [name, { ...object([]), name }]))

it('lists the rules for administrators, groups for everybody, and nothing the catalogue does not name', () => {
  const all = named('customer_group', 'lead_assignment', 'customer_rule', 'lead')
  const names = (objects: Record<string, ObjectDef>, admin: boolean) =>
    settingLists(objects, admin).map((o) => o.name)
  expect(names(all, true)).toEqual(['customer_rule', 'customer_group', 'lead_assignment'])
  expect(names(all, false)).toEqual(['customer_group'])
  expect(names(named('lead'), true)).toEqual([])
})
