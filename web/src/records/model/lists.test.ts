import { describe, expect, it } from 'vitest'
import type { FilterExpr } from '@/api/types'
import { byDay, moveToDay, visibleDays } from './calendar'
import { columnWidth } from './columns'
import { groupFilter, lineAt, lineCount, parseGroup, periodBounds, toGroups } from './grouping'
import { chainLength, learn, locate, newChain } from './pages'
import { field } from './testkit'
import { effectiveView, isEdited, NO_FILTER, parseListSearch, toggleSort } from './viewState'

describe('address of a list', () => {
  it('keeps what it understands and drops the rest', () => {
    expect(
      parseListSearch({
        view: 'board',
        filter: ['a', '=', 1],
        sort: '-amount,name',
        q: 123,
        on: 'x',
        evil: 1,
        group: '',
      }),
    ).toEqual({ view: 'board', filter: ['a', '=', 1], sort: '-amount,name', q: '123', group: '' })
    expect(parseListSearch({ view: 'list', sort: 'a;drop', filter: 'nonsense', by: '../x' })).toEqual({
      view: 'table',
    })
    expect(parseListSearch({ filter: '["a","=",1]' }).filter).toEqual(['a', '=', 1])
  })
  const saved = {
    id: 'v1',
    object: 'deal',
    name: 'mine',
    kind: 'board' as const,
    definition: { filter: ['owner', '=', 'me'] as FilterExpr, sort: 'name' },
    is_default: true,
  }
  it('lies over the saved view', () => {
    expect(effectiveView({}, saved, {})).toMatchObject({
      kind: 'board',
      sort: 'name',
      filter: ['owner', '=', 'me'],
    })
    expect(effectiveView({ filter: NO_FILTER, view: 'table' }, saved, {})).toMatchObject({
      kind: 'table',
      filter: undefined,
    })
    expect(isEdited({ filter: ['owner', '=', 'me'] }, saved)).toBe(false)
    expect(isEdited({ sort: '-name' }, saved)).toBe(true)
  })
  it('sorts up, down and back', () => {
    expect(toggleSort('-updated_at', 'name', '-updated_at')).toBe('name')
    expect(toggleSort('name', 'name', '-updated_at')).toBe('-name')
    expect(toggleSort('-name', 'name', '-updated_at')).toBe('-updated_at')
    expect(toggleSort('name', 'amount', '-updated_at', true)).toBe('name,amount')
    expect(toggleSort('name,amount', 'amount', '-updated_at', true)).toBe('name,-amount')
  })
})

describe('grouping', () => {
  const status = field('status', 'choice', {
    options: ['open', 'won'].map((value) => ({ value, label: { zh: value, en: value } })),
  })
  const close = field('close', 'date')
  it('orders choices as listed, the empty last', () => {
    const rows = [
      { status: null, count: 9 },
      { status: 'won', count: 1 },
      { status: 'open', count: 2, sum_amount: '7' },
    ]
    expect(toGroups(rows, status).map((g) => [g.key, g.count, g.sums])).toEqual([
      ['open', 2, { sum_amount: '7' }],
      ['won', 1, {}],
      ['', 9, {}],
    ])
  })
  it('turns a group into the condition its records meet', () => {
    const group = (key: string) => ({ key, value: key, count: 1, sums: {} })
    expect(groupFilter(status, undefined, group('won'), String)).toEqual(['status', '=', 'won'])
    expect(groupFilter(status, undefined, group(''), String)).toEqual(['status', 'is_null'])
    expect(groupFilter(close, 'month', group('2017-12'), String)).toEqual({
      and: [
        ['close', '>=', '2017-12-01'],
        ['close', '<', '2018-01-01'],
      ],
    })
  })
  it('knows periods', () => {
    expect(periodBounds('2026-Q4')).toEqual(['2026-10-01', '2027-01-01'])
    expect(periodBounds('2026-W01')).toEqual(['2025-12-29', '2026-01-05'])
    expect(periodBounds('2024')).toEqual(['2024-01-01', '2025-01-01'])
    expect(periodBounds('2024-02-29')).toEqual(['2024-02-29', '2024-03-01'])
    expect(periodBounds('soon')).toBeNull()
  })
  it('parses its name', () => {
    expect(parseGroup('close:month')).toEqual({ field: 'close', by: 'month' })
    expect(parseGroup('status')).toEqual({ field: 'status' })
  })
  it('finds the line at a position', () => {
    const group = { key: 'a', value: 'a', count: 2, sums: {} }
    const segments = [
      { kind: 'header' as const, group },
      { kind: 'rows' as const, list: 'g a', count: 2 },
      { kind: 'header' as const, group },
    ]
    expect(lineCount(segments)).toBe(4)
    expect([0, 1, 2, 3, 4].map((n) => lineAt(segments, n)?.kind)).toEqual([
      'header',
      'row',
      'row',
      'header',
      undefined,
    ])
    expect(lineAt(segments, 2)).toEqual({ kind: 'row', list: 'g a', index: 1 })
  })
})

describe('pages', () => {
  it('learns cursors as it reads and places rows', () => {
    let chain = learn(newChain(), 0, 100, 'c1')
    expect(chainLength(chain)).toBe(200)
    chain = learn(chain, 1, 40, null)
    expect(chainLength(chain)).toBe(140)
    expect(locate(chain, 99)).toEqual({ page: 0, offset: 99 })
    expect(locate(chain, 100)).toEqual({ page: 1, offset: 0 })
  })
  it('is the same object when there is no news', () => {
    const chain = learn(newChain(), 0, 100, 'c1')
    expect(learn(chain, 0, 100, 'c1')).toBe(chain)
    const whole = learn(newChain(), 0, 3, null)
    expect(learn(whole, 0, 3, null)).toBe(whole)
  })
  it('forgets what followed a page whose end moved', () => {
    const chain = learn(learn(newChain(), 0, 100, 'c1'), 1, 100, 'c2')
    expect(learn(chain, 0, 100, 'c1b')).toEqual({ cursors: [null, 'c1b'], lengths: [100], complete: false })
    expect(learn(chain, 0, 99, 'c1').lengths).toEqual([99, 100])
  })
})

describe('calendar', () => {
  it('shows whole weeks from the day the workspace begins them', () => {
    const days = visibleDays('2026-11-21', 'month', 1)
    expect(days[0]).toBe('2026-10-26')
    expect(days[days.length - 1]).toBe('2026-12-06')
    expect(visibleDays('2026-11-21', 'week', 7)[0]).toBe('2026-11-15')
    expect(visibleDays('2026-11-21', 'day', 1)).toEqual(['2026-11-21'])
  })
  it('moves a date by its day', () => {
    expect(moveToDay('2026-01-05', '2026-02-09', 'date')).toBe('2026-02-09')
    const due = field('due', 'date')
    expect(
      byDay(
        [
          { id: '1', version: 1, due: '2026-01-05' },
          { id: '2', version: 1, due: null },
        ],
        due,
      ).size,
    ).toBe(1)
  })
})

describe('columns', () => {
  it('are as wide as their kind, and wider for a long name up to a bound', () => {
    expect(columnWidth(110, 'Rows')).toBe(110)
    expect(columnWidth(110, 'Orders this year')).toBeGreaterThan(110)
    expect(columnWidth(88, '本年度回款完成率')).toBe(8 * 13 + 40)
    expect(columnWidth(120, 'Kind', ['Sign-in', 'Password change'])).toBe(148)
    expect(columnWidth(110, 'A name so long that no table has the room for it')).toBe(208)
  })
})
