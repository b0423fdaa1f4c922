import { expect, it } from 'vitest'
import { field, object } from '@/records/model/testkit'
import { careSoon, customersOverdue, has, movesOfWeek, tasksDue } from './filters'

const deal = object([
  field('owner', 'user'),
  { ...field('amount', 'money'), masked: true },
  { ...field('cost', 'money'), readable: false },
])

it('what is missing, hidden or masked is nothing to ask for', () => {
  expect(has(deal, 'owner')).toBe(true)
  expect(has(deal, 'owner', 'amount')).toBe(false)
  expect(has(deal, 'cost')).toBe(false)
  expect(has(deal, 'stage')).toBe(false)
  expect(has(undefined)).toBe(false)
})
it("one's own are asked for by the owner, all that one sees without him", () => {
  const text = (filter: unknown) => JSON.stringify(filter)
  expect(text(tasksDue('mine'))).toContain('["owner","=","me"]')
  expect(text(tasksDue('all'))).not.toContain('owner')
  expect(text(movesOfWeek('mine'))).toContain('["opportunity.owner","=","me"]')
  expect(text(movesOfWeek('all'))).not.toContain('owner')
  expect(tasksDue('team')).toEqual({
    and: [['department', 'under', 'my_department'], ...(tasksDue('all') as { and: unknown[] }).and],
  })
  expect(text(movesOfWeek('team'))).toContain('["opportunity.department","under","my_department"]')
})
it('who is overdue is asked of the intervals of contact, not reckoned here', () => {
  expect(customersOverdue('mine')).toEqual({
    and: [
      ['owner', '=', 'me'],
      ['contact_due_at', 'within', 'overdue'],
    ],
  })
  expect(careSoon('all')).toEqual({ and: [['next_on', 'within', 'next_14_days']] })
})
