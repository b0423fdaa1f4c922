import { describe, expect, it } from 'vitest'
import { amountsOf, byCurrency, inCurrency } from './currencies'

const li = { id: 'li', title: '李四' }

describe('sums of money', () => {
  it('are asked for by currency', () => {
    const spec = { group_by: ['status'], measures: [{ fn: 'count' as const }] }
    expect(byCurrency(spec)).toEqual({ ...spec, group_by: ['status', 'currency'] })
    expect(byCurrency({ measures: [] }).group_by).toEqual(['currency'])
  })

  it('count every record and add up what is in the own currency', () => {
    const rows = [
      { status: 'open', currency: 'USD', count: 1, sum_amount: '70000' },
      { status: 'open', currency: 'CNY', count: 2, sum_amount: '12345678901234.56' },
      { status: 'won', currency: 'USD', count: 3, sum_amount: '5' },
      { status: 'lost', currency: null, count: 4, sum_amount: '0' },
    ]
    expect(inCurrency(rows, 'CNY')).toEqual([
      { status: 'open', count: 3, sum_amount: '12345678901234.56' },
      { status: 'won', count: 3, sum_amount: '0' },
      { status: 'lost', count: 4, sum_amount: '0' },
    ])
  })

  it('stay with whom they are of', () => {
    const rows = [
      { owner: li, currency: 'CNY', count: 1, sum_amount: '2' },
      { owner: null, currency: 'CNY', count: 1, sum_amount: '3' },
      { owner: li, currency: 'EUR', count: 1, sum_amount: '4' },
    ]
    expect(inCurrency(rows, 'CNY')).toEqual([
      { owner: li, count: 2, sum_amount: '2' },
      { owner: null, count: 1, sum_amount: '3' },
    ])
  })

  it('stand beside each other by currency, the own one first, and none of nothing', () => {
    const rows = [
      { status: 'open', currency: 'USD', count: 1, sum_amount: '70000.10', sum_days: '2' },
      { status: 'open', currency: 'CNY', count: 2, sum_amount: '12345678901234.56', sum_days: null },
      { status: 'won', currency: 'USD', count: 3, sum_amount: '0', sum_days: '1' },
      { status: 'won', currency: null, count: 1, sum_amount: '0', sum_days: '1' },
    ]
    expect(amountsOf(rows, 'CNY')).toEqual([
      {
        status: 'open',
        count: 3,
        sum_amount: [
          { currency: 'CNY', value: '12345678901234.56' },
          { currency: 'USD', value: '70000.10' },
        ],
        sum_days: [{ currency: 'USD', value: '2' }],
      },
      {
        status: 'won',
        count: 4,
        sum_amount: [{ currency: 'USD', value: '0' }],
        sum_days: [
          { currency: 'CNY', value: '1' },
          { currency: 'USD', value: '1' },
        ],
      },
    ])
    expect(amountsOf([{ currency: 'USD', count: 1, sum_amount: '5' }], 'CNY', true)).toEqual([
      { currency: 'USD', count: 1, sum_amount: [{ currency: 'USD', value: '5' }] },
    ])
    expect(amountsOf([], 'CNY')).toEqual([])
  })
})
