import { expect, it } from 'vitest'
import type { ObjectDef } from '@/api/types'
import { object } from '@/records/model/testkit'
import { inMenu, settingLists } from './settingLists'

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

it('leaves festivals out of the menu of who only reads them', () => {
  const { festival, customer } = named('festival', 'customer')
  expect(festival && inMenu({ ...festival, can: [] })).toBe(false)
  expect(festival && inMenu({ ...festival, can: ['create'] })).toBe(true)
  expect(customer && inMenu({ ...customer, can: [] })).toBe(true)
})
