import { expect, it } from 'vitest'
import { field, object } from '../model/testkit'
import { criteriaOf, dependents, hasMeaning, meant } from './meaning'

const levels = [{ value: 'vip', label: { zh: 'VIP', en: 'VIP' } }]
const objects = {
  customer: object([field('level', 'choice', { options: levels }), field('name', 'text')]),
}
const rule = (of: string) => ({ id: 'r', version: 1, field: of })

it('offers the values of the field that the rule sets', () => {
  const to = meant(objects, 'customer_rule', field('to_value', 'text'), rule('level'))
  expect(to).toMatchObject({ name: 'to_value', type: 'choice', options: levels })
  const from = meant(objects, 'customer_rule', field('from_values', 'tags'), rule('level'))
  expect(from).toMatchObject({ type: 'multi_choice', options: levels })
})
it('leaves a text what it is where the field has no options or means nothing special', () => {
  const text = field('to_value', 'text')
  expect(meant(objects, 'customer_rule', text, rule('name'))).toBe(text)
  expect(meant(objects, 'customer_rule', text, undefined)).toBe(text)
  expect(meant({}, 'customer_rule', text, rule('level'))).toBe(text)
  expect(meant(objects, 'deal', text, rule('level'))).toBe(text)
})
it('builds a filter only on an object that the viewer may read', () => {
  const criteria = field('criteria', 'long_text')
  expect(criteriaOf(objects, 'customer_rule', criteria)).toMatchObject({
    target: objects.customer,
    lasting: 'daily',
    optional: false,
  })
  expect(criteriaOf(objects, 'lead_score_rule', criteria)).toBeUndefined()
  expect(criteriaOf(objects, 'customer_rule', field('name', 'text'))).toBeUndefined()
})
it('forgets the values when another field is set, and only then', () => {
  expect(dependents('customer_rule', 'field')).toEqual(['to_value', 'from_values'])
  expect(dependents('customer_rule', 'name')).toEqual([])
  expect(dependents('lead_assignment', 'method')).toEqual([])
  expect(hasMeaning('lead_assignment', 'criteria')).toBe(true)
  expect(hasMeaning('lead_assignment', 'name')).toBe(false)
  expect(hasMeaning('deal', 'criteria')).toBe(false)
})
