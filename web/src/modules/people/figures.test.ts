import { beforeAll, describe, expect, it } from 'vitest'
import { ledBy, widest } from '@/api/people'
import type { ObjectDef } from '@/api/types'
import { setTimeZone } from '@/ui/time'
import {
  barsOf,
  byPerson,
  dayFilter,
  daysUntil,
  personFilter,
  type Question,
  questionsOf,
  sorted,
  specOf,
  turned,
} from './figures'

const object = (...fields: string[]) =>
  ({ fields: Object.fromEntries(fields.map((name) => [name, { name }])) }) as unknown as ObjectDef
const li = { id: 'li', title: '李四' }
const wang = { id: 'wang', title: '王五' }

beforeAll(() => setTimeZone('Asia/Shanghai'))

describe('what is asked', () => {
  it('leaves out what the viewer’s catalogue does not have', () => {
    const objects = {
      follow_up: object('owner', 'happened_at'),
      opportunity: object('owner', 'status', 'amount'),
    }
    expect(questionsOf(objects, '2026-11-22').map((q) => q.key)).toEqual(['today', 'week', 'open'])
  })

  it('counts a customer as left alone from the start of the day thirty days ago', () => {
    const objects = { customer: object('owner', 'last_contact_at', 'created_at') }
    const [idle] = questionsOf(objects, '2026-11-22') as [Question]
    expect(idle.filter).toEqual({
      or: [
        ['last_contact_at', '<', '2026-10-22T16:00:00.000Z'],
        {
          and: [
            ['last_contact_at', 'is_null'],
            ['created_at', '<', '2026-10-22T16:00:00.000Z'],
          ],
        },
      ],
    })
    // What one counts is what one then sees.
    expect(specOf(idle, ['li']).filter).toEqual({ and: [['owner', 'in', ['li']], idle.filter] })
    expect(specOf(idle, ['li']).group_by).toEqual(['owner'])
    // No two currencies are added up.
    expect(specOf({ ...idle, sum: 'amount' }, ['li']).group_by).toEqual(['owner', 'currency'])
    expect(personFilter(idle, 'li')).toEqual({ and: [['owner', '=', 'li'], idle.filter] })
  })

  it('opens a day from midnight to midnight where the company is', () => {
    expect(dayFilter('li', '2026-11-20')).toEqual({
      and: [
        ['owner', '=', 'li'],
        ['happened_at', '>=', '2026-11-19T16:00:00.000Z'],
        ['happened_at', '<', '2026-11-20T16:00:00.000Z'],
      ],
    })
  })

  it('takes in reports and the departments one heads', () => {
    expect(ledBy(['d1'])).toEqual({
      or: [
        ['manager', '=', 'me'],
        ['department', 'under', 'd1'],
        ['other_departments', 'contains', 'd1'],
      ],
    })
    const read = { member: 'own', manager: 'below' } as const
    expect(widest({ objects: { customer: { read } as never } })).toBe('below')
    expect(widest({ objects: {} })).toBe('none')
  })
})

describe('what comes back', () => {
  it('stands by person, amounts exact', () => {
    const rows = [
      { owner: li, count: 2, sum_amount: '12345678901234.56' },
      { owner: null, count: 9 },
    ]
    expect([...byPerson(rows, 'amount')]).toEqual([['li', { count: 2, sum: '12345678901234.56' }]])
  })

  it('stands by day, empty days as none', () => {
    const days = daysUntil('2026-03-01', 3)
    expect(days).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
    const rows = [
      { owner: li, happened_at: '2026-02-28', count: 4 },
      { owner: li, happened_at: '2026-01-01', count: 4 },
    ]
    expect([...barsOf(rows, days)]).toEqual([['li', [0, 4, 0]]])
  })

  it('sorts by a figure, largest first, and turns round', () => {
    const people = [li, wang]
    const figures = { open: new Map([['wang', { count: 1, sum: '5.00' }]]) }
    const first = turned({ key: 'name', down: false }, 'open')
    expect(sorted(people, figures, first)).toEqual([wang, li])
    expect(sorted(people, figures, turned(first, 'open'))).toEqual([li, wang])
    expect(sorted(people, figures, turned(first, 'name'))).toEqual([li, wang])
  })
})
