import { describe, expect, it } from 'vitest'
import type { Holding } from '@/api/handovers'
import type { Ref } from '@/api/types'
import { type Choices, isOn, linesOf, noChoices, originOf, partsOf, requestOf, troublesOf } from './plan'

const holding = (object: string, more: Partial<Holding> = {}): Holding => ({
  object,
  field: 'owner',
  count: 3,
  pending: null,
  stays: false,
  along: [],
  ...more,
})
const zhang: Ref = { id: 'zhang', title: '张三' }
const li: Ref = { id: 'li', title: '李四' }

const held = {
  items: [
    holding('department', { field: 'manager', count: 1 }),
    holding('task', { pending: 2 }),
    holding('follow_up', { stays: true }),
    holding('contact', { count: 0 }),
    holding('customer', { along: ['contact', 'task'] }),
  ],
}
const choices = (more: Partial<Choices>): Choices => ({ ...noChoices, ...more })

describe('what somebody holds', () => {
  it('stands in the order in which it goes, without what there is none of', () => {
    const { records, places } = linesOf(held)
    expect(records.map((r) => r.object)).toEqual(['customer', 'task', 'follow_up'])
    expect(places.map((r) => r.object)).toEqual(['department'])
  })

  it('goes unless it stays by itself', () => {
    const [customer, , followUp] = linesOf(held).records as [Holding, Holding, Holding]
    expect(isOn(customer, noChoices)).toBe(true)
    expect(isOn(followUp, noChoices)).toBe(false)
    expect(isOn(followUp, choices({ lines: { 'follow_up.owner': { on: true } } }))).toBe(true)
  })
})

describe('the request', () => {
  it('gives everything to the common recipients, in turn', () => {
    const chosen = choices({ common: [zhang, li] })
    expect(requestOf('wang', partsOf(held, chosen), chosen)).toEqual({
      from: 'wang',
      deactivate: false,
      parts: [
        { object: 'customer', to: ['zhang', 'li'], along: ['contact', 'task'] },
        { object: 'task', to: ['zhang', 'li'], along: [] },
        { object: 'department', field: 'manager', to: ['zhang', 'li'], along: [] },
      ],
    })
  })

  it('splits a line in order, the rest going as the line does', () => {
    const chosen = choices({
      common: [li],
      note: ' 离职 ',
      deactivate: true,
      lines: {
        'customer.owner': {
          behind: ['task'],
          splits: [
            { key: 's1', filter: ['region', 'under', { id: '310000', title: '上海' }], to: [zhang] },
            { key: 's2', to: [zhang] },
          ],
        },
        'task.owner': { on: false },
        'department.manager': { to: [zhang] },
      },
    })
    const origins = partsOf(held, chosen)
    expect(requestOf('wang', origins, chosen)).toEqual({
      from: 'wang',
      deactivate: true,
      note: '离职',
      parts: [
        { object: 'customer', filter: ['region', 'under', '310000'], to: ['zhang'], along: ['contact'] },
        { object: 'customer', to: ['li'], along: ['contact'] },
        { object: 'department', field: 'manager', to: ['zhang'], along: [] },
      ],
    })
    expect(originOf('parts[0].to', origins)).toMatchObject({ line: 'customer.owner', split: 's1' })
    expect(originOf('parts[1].to', origins)?.split).toBeUndefined()
    expect(originOf('note', origins)).toBeUndefined()
    expect(originOf('parts[9].to', origins)).toBeUndefined()
  })
})

describe('what is missing', () => {
  it('is told line by line', () => {
    const split = { key: 's1', to: [] }
    expect([
      ...troublesOf(held, choices({ lines: { 'customer.owner': { to: [li], splits: [split] } } })),
    ]).toEqual([
      ['customer.owner s1', 'filter'],
      ['task.owner', 'recipient'],
      ['department.manager', 'recipient'],
    ])
  })

  it('is nothing at all where only the account is closed', () => {
    expect([...troublesOf({ items: [] }, noChoices)]).toEqual([['', 'nothing']])
    expect([...troublesOf({ items: [] }, choices({ deactivate: true }))]).toEqual([])
  })
})
