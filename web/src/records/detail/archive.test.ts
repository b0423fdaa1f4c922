import { expect, it } from 'vitest'
import { field, object } from '../model/testkit'
import { missingOf } from './archive'

const customer = object([
  field('industry', 'choice'),
  field('address', 'address'),
  field('phone', 'phone'),
  field('mobile', 'phone'),
  field('email', 'email'),
  field('website', 'url', { readable: false }),
  field('tax_number', 'text', { readable: false }),
])
const missing = (values: Record<string, unknown>) =>
  missingOf(customer, { id: 'c', version: 1, ...values }).map((g) => g.map((f) => f.name).join('|'))

it('names what is empty, and a group only where all of it is', () => {
  expect(missing({ kind: 'company', address: null })).toEqual(['industry', 'address', 'phone|mobile'])
  expect(missing({ kind: 'company', industry: 'food', address: '滨江路 1 号', mobile: '138' })).toEqual([])
})
it('asks of persons what is asked of persons', () => {
  expect(missing({ kind: 'person', phone: '0571' })).toEqual(['email', 'address'])
})
it('says nothing of what the viewer cannot read or the workspace does not have', () => {
  const named = missing({ kind: 'company' })
  expect(named).not.toContain('tax_number')
  // A website he cannot see may be there.
  expect(named.some((g) => g.includes('email'))).toBe(false)
  expect(named).not.toContain('employees')
})
