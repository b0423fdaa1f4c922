import dayjs from 'dayjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { setTimeZone } from '@/ui/time'
import { daysToRecycling, soonKey } from './soon'
import { ruleName } from './words'

beforeAll(() => setTimeZone('Asia/Shanghai'))

describe('when a record goes back to its pool', () => {
  const evening = dayjs('2026-11-22T22:00:00')
  it('is counted in days of the calendar, in the zone of the workspace', () => {
    // Two hours away, and yet tomorrow.
    expect(daysToRecycling('2026-11-22T16:30:00Z', evening)).toBe(1)
    expect(daysToRecycling('2026-11-22T15:30:00Z', evening)).toBe(0)
    expect(daysToRecycling('2026-11-25T00:00:00Z', evening)).toBe(3)
    expect(daysToRecycling('2026-11-29', evening)).toBe(7)
  })
  it('is told while it is soon, and after it is due', () => {
    expect(daysToRecycling('2026-11-30', evening)).toBeUndefined()
    expect(daysToRecycling('2026-11-20T00:00:00Z', evening)).toBe(-2)
  })
  it('is nothing where a record is not recycled', () => {
    for (const none of [null, undefined, '', 5, 'never'])
      expect(daysToRecycling(none, evening)).toBeUndefined()
  })
  it('has a sentence for each case', () => {
    expect([-1, 0, 1, 2, 7].map(soonKey)).toEqual(['past', 'today', 'tomorrow', 'days', 'days'])
  })
})

describe('the rule behind it', () => {
  it('is said by its name, however it comes', () => {
    expect(ruleName('30 天')).toBe('30 天')
    expect(ruleName({ id: '1', title: '30 天' })).toBe('30 天')
    expect(ruleName(null)).toBe('')
  })
})
