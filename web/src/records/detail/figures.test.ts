import { describe, expect, it } from 'vitest'
import { listBehind } from './figures'

const greeting = (more: Record<string, unknown> = {}) => ({
  id: 'g1',
  version: 1,
  owner: { id: 'u1', title: '张' },
  customers: 3,
  criteria: '["level","=","a"]',
  ...more,
})

describe('the list behind a number', () => {
  it('shows the customers whom somebody greets', () => {
    expect(listBehind('festival_greeting', 'customers', greeting())).toEqual({
      object: 'customer',
      filter: {
        and: [
          ['owner', '=', { id: 'u1', title: '张' }],
          ['pool', 'is_null'],
          { not: ['life_cycle', '=', 'lost'] },
          ['level', '=', 'a'],
        ],
      },
    })
    const all = listBehind('festival_greeting', 'customers', greeting({ criteria: null }))
    expect(all?.filter).toHaveProperty('and.length', 3)
  })
  it('shows the archives of a closed year', () => {
    const closing = { id: 'a', version: 1, year: 2026, archives: 9, incomplete: 4, untouched: 0 }
    expect(listBehind('archive_closing', 'archives', closing)).toEqual({
      object: 'archive_year',
      filter: ['year', '=', 2026],
    })
    expect(listBehind('archive_closing', 'incomplete', closing)?.filter).toEqual({
      and: [
        ['year', '=', 2026],
        ['completeness', '<', '100'],
      ],
    })
    expect(listBehind('archive_closing', 'untouched', closing)).toBeUndefined()
    expect(listBehind('archive_closing', 'year', closing)).toBeUndefined()
  })
  it('is nothing where it counts none, is hidden or cannot be read', () => {
    expect(listBehind('festival_greeting', 'customers', greeting({ customers: 0 }))).toBeUndefined()
    expect(listBehind('festival_greeting', 'customers', greeting({ criteria: undefined }))).toBeUndefined()
    expect(listBehind('festival_greeting', 'customers', greeting({ criteria: '[' }))).toBeUndefined()
    expect(listBehind('festival_greeting', 'year', greeting())).toBeUndefined()
    expect(listBehind('customer', 'employees', { id: 'c', version: 1, employees: 5 })).toBeUndefined()
  })
})
