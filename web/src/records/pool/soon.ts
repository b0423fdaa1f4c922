import dayjs, { type Dayjs } from 'dayjs'
import { now, wallClock } from '@/ui/time'

/** Further away than this nobody needs to hear of it. */
export const SOON_DAYS = 7

/** Days until a record goes back to its pool, on the calendar of the workspace; undefined if it does not or not soon. */
export function daysToRecycling(value: unknown, base: Dayjs = now()): number | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  const day = value.length === 10 ? dayjs(value) : wallClock(value)
  if (!day.isValid()) return undefined
  const days = day.startOf('day').diff(base.startOf('day'), 'day')
  return days > SOON_DAYS ? undefined : days
}

/** Which sentence says so. */
export const soonKey = (days: number) =>
  days < 0 ? 'past' : days === 0 ? 'today' : days === 1 ? 'tomorrow' : 'days'
