/** Until when somebody is in a team: the whole of the last day, on the workspace's clock. */
import dayjs, { type Dayjs } from 'dayjs'
import { fromWallClock, now, wallClock } from '@/ui/time'

export const spans = ['week', 'month', 'quarter'] as const
export type Span = (typeof spans)[number]

const lastDay: Record<Span, (from: Dayjs) => Dayjs> = {
  week: (d) => d.add(1, 'week'),
  month: (d) => d.add(1, 'month'),
  quarter: (d) => d.add(3, 'month'),
}

/** The end of a day as an instant. */
export const endOfDay = (day: Dayjs): string => fromWallClock(day.endOf('day').millisecond(0))

export const endOf = (span: Span, from: Dayjs = now()): string => endOfDay(lastDay[span](from))

/** The last day; with the time where it ends within the day (a program said so). */
export function lastDayText(iso: string): string {
  const d = wallClock(iso)
  return d.format(d.format('HH:mm') === '23:59' ? 'YYYY-MM-DD' : 'YYYY-MM-DD HH:mm')
}

export const isBeforeToday = (day: Dayjs, base: Dayjs = now()): boolean => dayjs(day).isBefore(base, 'day')
