import { describe, expect, it } from 'vitest'
import { behind, choiceOf, filterOf, through } from './filters'

describe('what is analysed', () => {
  it('begins with this year, by the day things were opened', () => {
    expect(filterOf(choiceOf({}))).toEqual(['opened_on', 'within', 'this_year'])
    expect(choiceOf({ period: 'nonsense', by: 'owner', whose: 'theirs' })).toEqual(choiceOf({}))
  })

  it('puts period and person together', () => {
    expect(filterOf(choiceOf({ by: 'close_date', period: 'this_month', whose: 'mine' }))).toEqual({
      and: [
        ['close_date', 'within', 'this_month'],
        ['owner', '=', 'me'],
      ],
    })
    expect(filterOf(choiceOf({ period: 'all' }))).toBeUndefined()
  })

  it('opens the records of a figure under the same conditions', () => {
    const asked = { and: [['pipeline', '=', 'p'] as ['pipeline', '=', string]] }
    expect(behind(asked, ['status', '=', 'won'])).toEqual({
      and: [
        ['pipeline', '=', 'p'],
        ['status', '=', 'won'],
      ],
    })
    expect(behind(undefined, ['status', '=', 'won'])).toEqual({ and: [['status', '=', 'won']] })
  })

  it('asks the same of the moves of those opportunities', () => {
    expect(through({ and: [['owner', '=', 'me'], { not: ['amount', 'is_null'] }] }, 'opportunity')).toEqual({
      and: [['opportunity.owner', '=', 'me'], { not: ['opportunity.amount', 'is_null'] }],
    })
  })
})
