import { describe, expect, it } from 'vitest'
import type { Entry } from '@/api/schedule'
import { readRule, writeRule } from '@/records/repeat/repeat'
import { setTimeZone } from '@/ui/time'
import { shifted } from './changes'
import { applied, barsOf, blocksOf, daysOf, movable, onDay, reach, snap, turned } from './model'

setTimeZone('Asia/Shanghai')

let number = 0
const entry = (start: string, end: string, more: Partial<Entry> = {}): Entry => ({
  object: 'event',
  id: `e${++number}`,
  version: 1,
  title: 'x',
  start: `${start}:00+08:00`,
  end: `${end}:00+08:00`,
  people: [],
  owner: null,
  customer: null,
  ...more,
})
const at = (time: string, until: string, more?: Partial<Entry>) =>
  entry(`2026-11-23T${time}`, `2026-11-23T${until}`, more)
const utc = (local: string) => new Date(`${local}:00+08:00`).toISOString().replace('.000', '')

describe('the days on screen', () => {
  it('are whole weeks that begin on Monday', () => {
    expect(daysOf('2026-11-22', 'week', 1)).toEqual([
      '2026-11-16',
      '2026-11-17',
      '2026-11-18',
      '2026-11-19',
      '2026-11-20',
      '2026-11-21',
      '2026-11-22',
    ])
    expect(daysOf('2026-11-22', 'workweek', 7)).toEqual(daysOf('2026-11-16', 'week', 1).slice(0, 5))
    const month = daysOf('2026-11-22', 'month', 1)
    expect([month[0], month.at(-1), month.length]).toEqual(['2026-10-26', '2026-12-06', 42])
  })

  it('are turned by their own length', () => {
    expect(turned('2026-11-23', 'day', -1)).toBe('2026-11-22')
    expect(turned('2026-11-23', 'week', 1)).toBe('2026-11-30')
    // From the 31st a month on is not the month after.
    expect(turned('2026-01-31', 'month', 1)).toBe('2026-02-01')
  })
})

describe('what overlaps', () => {
  it('stands side by side, and only that', () => {
    const entries = [at('09:00', '10:30'), at('10:00', '11:00'), at('10:30', '11:30'), at('14:00', '15:00')]
    const placed = blocksOf(entries, '2026-11-23').map((b) => [b.top, b.bottom, b.column, b.columns])
    expect(placed).toEqual([
      [540, 630, 0, 2],
      [600, 660, 1, 2],
      [630, 690, 0, 2],
      [840, 900, 0, 1],
    ])
  })

  it('is cut at midnight', () => {
    const night = entry('2026-11-23T22:00', '2026-11-24T02:00')
    expect(blocksOf([night], '2026-11-23')[0]).toMatchObject({ top: 1320, bottom: 1440 })
    expect(blocksOf([night], '2026-11-24')[0]).toMatchObject({ top: 0, bottom: 120 })
    expect(blocksOf([entry('2026-11-23T22:00', '2026-11-24T00:00')], '2026-11-24')).toEqual([])
    expect(onDay([night], '2026-11-24')).toHaveLength(1)
  })

  it('has room for what takes no time', () => {
    const due = at('09:00', '17:00', { object: 'task' })
    expect(blocksOf([due], '2026-11-23')[0]).toMatchObject({ top: 1020, bottom: 1050 })
    expect(blocksOf([at('23:59', '23:59')], '2026-11-23')[0]).toMatchObject({ top: 1410, bottom: 1440 })
  })
})

describe('whole days', () => {
  const trip = entry('2026-11-24T00:00', '2026-11-27T00:00', {
    all_day: true,
    first_day: '2026-11-24',
    last_day: '2026-11-26',
  })

  it('are bars over their days', () => {
    const week = daysOf('2026-11-23', 'week', 1)
    expect(barsOf([trip, at('09:00', '10:00')], week)).toEqual([{ entry: trip, from: 1, to: 4 }])
    expect(barsOf([trip], ['2026-11-26', '2026-11-27'])).toEqual([{ entry: trip, from: 0, to: 1 }])
    expect(barsOf([trip], ['2026-11-27'])).toEqual([])
    expect(reach(trip)).toEqual(['2026-11-24', '2026-11-26'])
  })

  it('are moved by days and name their last one', () => {
    expect(applied(trip, { days: 7, start: 60, end: 60 })).toEqual({
      start: utc('2026-12-01T00:00'),
      end: utc('2026-12-03T00:00'),
    })
  })
})

describe('moving', () => {
  it('keeps the length, and resizing never turns it round', () => {
    const one = at('09:00', '10:00')
    expect(applied(one, { days: 1, start: 30, end: 30 })).toEqual({
      start: utc('2026-11-24T09:30'),
      end: utc('2026-11-24T10:30'),
    })
    expect(applied(one, { days: 0, start: 0, end: -90 }).end).toBe(utc('2026-11-23T09:15'))
    expect(snap(22)).toBe(15)
    expect(snap(-8)).toBe(-15)
  })

  it('keeps the hour through daylight saving', () => {
    setTimeZone('Europe/Berlin')
    expect(shifted('2026-10-24T07:00:00Z', '2026-10-24T07:00:00Z', '2026-10-25T08:00:00Z')).toBe(
      '2026-10-25T08:00:00.000Z',
    )
    setTimeZone('Asia/Shanghai')
  })

  it('is for those who may change it', () => {
    expect(movable(at('09:00', '10:00', { _can: ['update'] }))).toBe(true)
    expect(movable(at('09:00', '10:00', { _can: [] }))).toBe(false)
    expect(movable(at('09:00', '10:00', { object: 'follow_up', _can: ['update'] }))).toBe(false)
  })
})

describe('rules', () => {
  it('are read as they are chosen and written as they were read', () => {
    expect(readRule('FREQ=WEEKLY;INTERVAL=2')).toEqual({ base: 'FREQ=WEEKLY;INTERVAL=2' })
    expect(readRule('FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20270101T000000Z')).toEqual({
      base: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
      until: '2027-01-01',
    })
    expect(writeRule({ base: 'FREQ=DAILY', until: '2027-01-01' })).toBe('FREQ=DAILY;UNTIL=20270101')
    expect(readRule('FREQ=MONTHLY;BYDAY=2TU;COUNT=3').base).toBe('FREQ=MONTHLY;BYDAY=2TU;COUNT=3')
  })
})
