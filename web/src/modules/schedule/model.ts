/** Where the entries of a schedule stand: days, minutes, and what overlaps. All on the workspace's wall clock. */
import dayjs from 'dayjs'
import type { Entry } from '@/api/schedule'
import { startOfWeek } from '@/records/model/calendar'
import { fromWallClock, wallClock } from '@/ui/time'

export const SPANS = ['day', 'workweek', 'week', 'month', 'agenda'] as const
export type Span = (typeof SPANS)[number]

/** Minutes to which drags and keys go. */
export const STEP = 15
/** What takes no time is drawn as if it took so many minutes. */
const LEAST = 30
export const DAY = 24 * 60
/** So many days does the agenda look ahead. */
const AGENDA_DAYS = 14

const key = (day: dayjs.Dayjs) => day.format('YYYY-MM-DD')
const from = (first: dayjs.Dayjs, count: number) =>
  Array.from({ length: count }, (_, i) => key(first.add(i, 'day')))

/** The days on screen. */
export function daysOf(on: string, span: Span, weekStart: number): string[] {
  const day = dayjs(on)
  const week = startOfWeek(day, weekStart)
  switch (span) {
    case 'day':
      return [key(day)]
    case 'workweek':
      return from(startOfWeek(day, 1), 5)
    case 'week':
      return from(week, 7)
    case 'agenda':
      return from(day, AGENDA_DAYS)
    case 'month': {
      const first = startOfWeek(day.startOf('month'), weekStart)
      const last = startOfWeek(day.endOf('month'), weekStart)
      return from(first, last.diff(first, 'day') + 7)
    }
  }
}

/** The same span before or after. */
export function turned(on: string, span: Span, by: number): string {
  const day = dayjs(on)
  if (span === 'month') return key(day.startOf('month').add(by, 'month'))
  return key(day.add(by * (span === 'day' ? 1 : span === 'agenda' ? AGENDA_DAYS : 7), 'day'))
}

/** The first moment of a day. */
export const dawn = (day: string): string => fromWallClock(dayjs(day))
export const nextDay = (day: string): string => key(dayjs(day).add(1, 'day'))

/** Tells one time of one entry from any other. */
export const keyOf = (entry: Entry): string => `${entry.object}/${entry.id}/${entry.start}`

export const isWhole = (entry: Entry): boolean => entry.all_day === true

/** The first and the last day that an entry touches. */
export function reach(entry: Entry): [string, string] {
  if (entry.first_day && entry.last_day) return [entry.first_day, entry.last_day]
  const start = wallClock(entry.start)
  const end = wallClock(entry.end)
  // What ends at midnight has nothing of the day that begins then.
  const last = end.isAfter(start) ? end.subtract(1, 'minute') : start
  return [key(start), key(last)]
}

/** Stands over the hours rather than among them. */
export function isBar(entry: Entry): boolean {
  if (isWhole(entry)) return true
  return entry.object === 'event' && wallClock(entry.end).diff(wallClock(entry.start), 'hour') >= 24
}

/** What is on a day, in the order of its time. */
export const onDay = (entries: Entry[], day: string): Entry[] =>
  entries.filter((entry) => {
    const [first, last] = reach(entry)
    return first <= day && day <= last
  })

export interface Block {
  entry: Entry
  /** Minutes from midnight. */
  top: number
  bottom: number
  /** Beside what overlaps: which column of how many. */
  column: number
  columns: number
}

/** What stands among the hours of a day: from when to when, and what beside what. */
export function blocksOf(entries: Entry[], day: string): Block[] {
  const midnight = dayjs(day)
  const blocks = entries
    .filter((entry) => !isBar(entry))
    .flatMap((entry): Block[] => {
      // A task is there when it is due, however long one may take for it.
      const start = entry.object === 'event' ? wallClock(entry.start) : wallClock(entry.end)
      const end = wallClock(entry.end)
      const top = Math.max(0, start.diff(midnight, 'minute'))
      const bottom = Math.min(DAY, Math.max(end.diff(midnight, 'minute'), top + LEAST))
      const touches = start.diff(midnight, 'minute') < DAY && end.diff(midnight, 'minute') >= 0
      const ended = end.isSame(midnight) && start.isBefore(midnight)
      return touches && !ended && top < DAY
        ? [{ entry, top: Math.min(top, DAY - LEAST), bottom, column: 0, columns: 1 }]
        : []
    })
    .sort((a, b) => a.top - b.top || b.bottom - a.bottom || keyOf(a.entry).localeCompare(keyOf(b.entry)))
  let group: Block[] = []
  let end = 0
  const close = () => {
    const columns = Math.max(0, ...group.map((b) => b.column)) + 1
    for (const block of group) block.columns = columns
    group = []
  }
  for (const block of blocks) {
    if (block.top >= end) close()
    const taken = group.filter((other) => other.bottom > block.top).map((other) => other.column)
    while (taken.includes(block.column)) block.column++
    group.push(block)
    end = Math.max(end, block.bottom)
  }
  close()
  return blocks
}

export interface Bar {
  entry: Entry
  /** Columns of the grid, the first and the one after the last. */
  from: number
  to: number
}

/** What stands over the hours, as bars over the days on screen. */
export function barsOf(entries: Entry[], days: string[]): Bar[] {
  const [first = '', last = ''] = [days[0], days[days.length - 1]]
  return entries.filter(isBar).flatMap((entry) => {
    const [begin, end] = reach(entry)
    if (end < first || begin > last) return []
    return [{ entry, from: days.findIndex((d) => d >= begin), to: days.findLastIndex((d) => d <= end) + 1 }]
  })
}

/** How far something is being moved: days, and minutes of its beginning and its end. */
export interface Shift {
  days: number
  start: number
  end: number
}

export const still: Shift = { days: 0, start: 0, end: 0 }
export const moves = (s: Shift) => s.days !== 0 || s.start !== 0 || s.end !== 0
export const snap = (minutes: number) => Math.round(minutes / STEP) * STEP

/** As the server writes moments: an entry that was moved is then the same for both. */
const written = (day: dayjs.Dayjs) => fromWallClock(day).replace('.000Z', 'Z')

/** The times of an entry after that; its end never before its beginning. */
export function applied(entry: Entry, shift: Shift): { start: string; end: string } {
  if (entry.first_day && entry.last_day) {
    const day = (d: string) => written(dayjs(d).add(shift.days, 'day'))
    // Whole days name their last day.
    return { start: day(entry.first_day), end: day(entry.last_day) }
  }
  const move = (iso: string, minutes: number) => wallClock(iso).add(shift.days, 'day').add(minutes, 'minute')
  const start = move(entry.start, shift.start)
  const end = move(entry.end, shift.end)
  const least = start.add(STEP, 'minute')
  const late = shift.start === shift.end || !end.isBefore(least) ? end : least
  return { start: written(start), end: written(late) }
}

/** May the viewer give it another time by hand? */
export const movable = (entry: Entry): boolean =>
  entry.object !== 'follow_up' && (entry._can ?? []).includes('update')
