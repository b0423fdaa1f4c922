import { describe, expect, it } from 'vitest'
import type { Forecast } from '@/api/targets'
import { across, behind, course, moved } from './figures'

const sums = (won: string, commit: string, best_case = '0', pipeline = '0', weighted = '0') => ({
  won,
  commit,
  best_case,
  pipeline,
  weighted,
})
const data = (more: Partial<Forecast>): Forecast => ({
  period: '2026-Q4',
  first: '2026-10-01',
  after: '2027-01-01',
  days_passed: 53,
  days: 92,
  currency: 'CNY',
  total: { ...sums('100.1', '50', '0.2', '7', '40'), deals: 3, target: '500' },
  rows: [],
  months: [],
  late: { deals: 0, amount: '0', filter: ['status', '=', 'open'] },
  elsewhere: 0,
  history: [],
  ...more,
})

describe('what has moved', () => {
  const history = [
    { day: '2026-11-01', ...sums('10', '60', '0.2', '7', '40') },
    { day: '2026-11-20', ...sums('90', '60') },
  ]
  it('is measured from how it stood a week ago', () => {
    expect(moved(data({ history }), '2026-11-23')).toEqual({
      since: '2026-11-16',
      moves: [
        { part: 'won', up: true, by: '90.1' },
        { part: 'commit', up: false, by: '10' },
      ],
    })
  })
  it('begins with the first note where nobody looked before', () => {
    const young = data({ history: history.slice(1) })
    expect(moved(young, '2026-11-23')?.since).toBe('2026-11-20')
    expect(moved(data({}), '2026-11-23')).toBeUndefined()
  })
})

describe('the course', () => {
  it('ends with how it stands now', () => {
    const points = course(
      data({
        history: [
          { day: '2026-11-13', ...sums('1', '2') },
          { day: '2026-11-23', ...sums('5', '5') },
        ],
      }),
      '2026-11-23',
    )
    expect(points.map((p) => p.day)).toEqual(['2026-11-13', '2026-11-23'])
    expect(points.at(-1)?.at).toEqual({ won: '100.1', sure: '150.1', likely: '150.3', weighted: '140.1' })
    expect(across('2026-11-18', points)).toBe(50)
  })
})

describe('what is behind a figure', () => {
  it('asks for the same as the server does', () => {
    const span = { from: '2026-11-01', after: '2026-12-01', currency: 'CNY' }
    expect(behind('commit', span, { id: 'a', title: '李娜' })).toEqual({
      and: [
        ['status', '=', 'open'],
        ['forecast_category', '=', 'commit'],
        ['close_date', '>=', '2026-11-01'],
        ['close_date', '<', '2026-12-01'],
        ['currency', '=', 'CNY'],
        ['owner', '=', { id: 'a', title: '李娜' }],
      ],
    })
    expect(JSON.stringify(behind('won', span, null))).toContain('["owner","is_null"]')
  })
})
