import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { setTimeZone } from '@/ui/time'
import { inAddress, parsePeriod, periodName, periodOf, resized, shifted, within } from './period'

const read = (text: string) => {
  const period = parsePeriod(text)
  if (!period) throw new Error(text)
  return period
}

beforeEach(() => {
  setTimeZone('Asia/Shanghai')
  vi.useFakeTimers({ now: new Date('2026-11-30T17:00:00Z') })
})
afterEach(() => vi.useRealTimers())

describe('periods', () => {
  it('are read and named', () => {
    for (const text of ['2026', '2026-Q1', '2026-Q4', '2026-02', '2026-12'])
      expect(periodName(read(text))).toBe(text)
    for (const text of ['', '26', '2026-Q5', '2026-13', '2026-1', '1999', '2201', '2026-01-01', '2026-Q0'])
      expect(parsePeriod(text), text).toBeUndefined()
  })
  it('begin where the workspace is, not where the browser is', () => {
    // In Shanghai December has begun.
    expect((['year', 'quarter', 'month'] as const).map((kind) => periodName(periodOf(kind)))).toEqual([
      '2026',
      '2026-Q4',
      '2026-12',
    ])
  })
  it('go on over the end of the year', () => {
    const names = (text: string, by: number) => {
      const next = shifted(read(text), by)
      return next && periodName(next)
    }
    expect(names('2026-Q4', 1)).toBe('2027-Q1')
    expect(names('2026-01', -1)).toBe('2025-12')
    expect(names('2026', -1)).toBe('2025')
    expect(names('2026-Q1', -5)).toBe('2024-Q4')
    expect(names('2000', -1)).toBeUndefined()
  })
  it('change their size around today, or else at their start', () => {
    expect(periodName(resized(read('2026'), 'month'))).toBe('2026-12')
    expect(periodName(resized(read('2025-Q3'), 'month'))).toBe('2025-07')
    expect(periodName(resized(read('2025-08'), 'quarter'))).toBe('2025-Q3')
  })
  it('ask for days, and for moments by the clock of the workspace', () => {
    expect(within('close_date', read('2026-Q4'))).toEqual([
      ['close_date', '>=', '2026-10-01'],
      ['close_date', '<', '2027-01-01'],
    ])
    expect(within('created_at', read('2026-11'), true)).toEqual([
      ['created_at', '>=', '2026-10-31T16:00:00.000Z'],
      ['created_at', '<', '2026-11-30T16:00:00.000Z'],
    ])
  })
  it('stand in an address without quotes', () => {
    expect([inAddress(read('2026')), inAddress(read('2026-Q2'))]).toEqual([2026, '2026-Q2'])
  })
})
