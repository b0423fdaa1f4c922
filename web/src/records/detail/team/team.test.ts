import dayjs from 'dayjs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { HistoryEntry } from '@/api/types'
import { setTimeZone } from '@/ui/time'
import { endOf, endOfDay, isBeforeToday, lastDayText } from './expiry'
import { onlyTeam, teamWords } from './words'

beforeAll(() => setTimeZone('Asia/Shanghai'))

describe('until when somebody is in a team', () => {
  const noon = dayjs('2026-11-30T12:00:00')
  it('is the whole of the last day, on the clock of the workspace', () => {
    expect(endOf('week', noon)).toBe('2026-12-07T15:59:59.000Z')
    expect(endOf('month', noon)).toBe('2026-12-30T15:59:59.000Z')
    expect(endOf('quarter', noon)).toBe('2027-02-28T15:59:59.000Z')
    expect(endOfDay(dayjs('2026-12-31'))).toBe('2026-12-31T15:59:59.000Z')
  })
  it('is said as the day, and with the time only where a program ended it within the day', () => {
    expect(lastDayText('2026-12-31T15:59:59Z')).toBe('2026-12-31')
    expect(lastDayText('2026-12-31T04:30:00Z')).toBe('2026-12-31 12:30')
  })
  it('can be today but not before', () => {
    expect(isBeforeToday(dayjs('2026-11-29'), noon)).toBe(true)
    expect(isBeforeToday(dayjs('2026-11-30T00:00:00'), noon)).toBe(false)
  })
})

describe('a change of the team in words', () => {
  const side = (id: string, expires_at: string | null = null) => ({
    user: { id, title: '李四' },
    level: 'write' as const,
    expires_at,
  })
  const entry = (before: unknown, after: unknown, more: HistoryEntry['changes'] = []): HistoryEntry => ({
    seq: 1,
    at: '2026-11-22T09:05:16Z',
    actor: { id: 'boss', title: '张三' },
    via: 'page',
    kind: 'update',
    version: 2,
    changes: [{ field: '_team', before, after }, ...more],
  })
  it('tells adding, changing, removing and leaving apart', () => {
    const verbs = [
      entry(null, side('x')),
      entry(side('x'), side('x', '2026-12-31T15:59:59Z')),
      entry(side('x'), null),
      entry(side('boss'), null),
      entry(null, side('boss')),
    ].map((e) => teamWords(e)[0]?.verb)
    expect(verbs).toEqual(['added', 'changed', 'removed', 'left', 'joined'])
  })
  it('names who, what he may do and the last day', () => {
    expect(teamWords(entry(null, side('x', '2026-12-31T15:59:59Z')))).toEqual([
      { verb: 'added', who: '李四', level: 'write', until: '2026-12-31' },
    ])
    expect(teamWords(entry(null, null))).toEqual([])
  })
  it('stands alone only where nothing else was changed', () => {
    expect(onlyTeam(entry(null, side('x')))).toBe(true)
    expect(onlyTeam(entry(null, side('x'), [{ field: 'name', before: 'a', after: 'b' }]))).toBe(false)
  })
})
