/** Days on screen and where records fall. Days are `YYYY-MM-DD` strings; weeks begin where the workspace says. */
import dayjs, { type Dayjs } from 'dayjs'
import type { FieldDef, FilterExpr, RecordData } from '@/api/types'
import { fromWallClock, today, wallClock } from '@/ui/time'
import type { CalendarSpan } from './viewState'

export const dayKey = (d: Dayjs): string => d.format('YYYY-MM-DD')

/** `weekStart` 1 = Monday … 7 or 0 = Sunday. */
export function startOfWeek(day: Dayjs, weekStart: number): Dayjs {
  return day.subtract((day.day() - (weekStart % 7) + 7) % 7, 'day').startOf('day')
}

/** All days shown: whole weeks around a month, one week, or one day. */
export function visibleDays(on: string, span: CalendarSpan, weekStart: number): string[] {
  const day = dayjs(on)
  if (span === 'day') return [dayKey(day)]
  if (span === 'week') {
    const first = startOfWeek(day, weekStart)
    return Array.from({ length: 7 }, (_, i) => dayKey(first.add(i, 'day')))
  }
  const first = startOfWeek(day.startOf('month'), weekStart)
  const last = startOfWeek(day.endOf('month'), weekStart).add(6, 'day')
  const count = last.diff(first, 'day') + 1
  return Array.from({ length: count }, (_, i) => dayKey(first.add(i, 'day')))
}

export const step = (on: string, span: CalendarSpan, by: number): string => dayKey(dayjs(on).add(by, span))

/** The day a value falls on, by the workspace's clock. */
export function dayOf(value: unknown, type: FieldDef['type']): string | null {
  if (typeof value !== 'string' || value === '') return null
  return type === 'date' ? value.slice(0, 10) : dayKey(wallClock(value))
}

/** The first instant of a day (or the day itself), as the field's type is compared with. */
export const edgeOfDay = (day: string, type: FieldDef['type']): string =>
  type === 'date' ? day : fromWallClock(dayjs(day))

export function rangeFilter(field: FieldDef, days: string[]): FilterExpr {
  const from = days[0] ?? today()
  const to = dayKey(dayjs(days[days.length - 1] ?? from).add(1, 'day'))
  return {
    and: [
      [field.name, '>=', edgeOfDay(from, field.type)],
      [field.name, '<', edgeOfDay(to, field.type)],
    ],
  }
}

/** A value moved to another day keeps its time of day; a new one starts at nine. */
export function moveToDay(value: unknown, day: string, type: FieldDef['type']): string {
  if (type === 'date') return day
  const time = typeof value === 'string' && value ? wallClock(value) : dayjs(day).hour(9)
  const [y = 0, m = 1, d = 1] = day.split('-').map(Number)
  return fromWallClock(
    time
      .year(y)
      .month(m - 1)
      .date(d),
  )
}

export function byDay(records: RecordData[], field: FieldDef): Map<string, RecordData[]> {
  const map = new Map<string, RecordData[]>()
  for (const record of records) {
    const day = dayOf(record[field.name], field.type)
    if (!day) continue
    const list = map.get(day)
    if (list) list.push(record)
    else map.set(day, [record])
  }
  return map
}
