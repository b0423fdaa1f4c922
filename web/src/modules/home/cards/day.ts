/** What of a day's entries is on a card, and in what order. */
import type { Entry } from '@/api/schedule'

/** Whole days first, then as the day goes; what was declined is none of one's plan, and what was merely noted is past. */
export const planOf = (entries: readonly Entry[]): Entry[] =>
  entries
    .filter((e) => e.answer !== 'declined')
    .sort(
      (a, b) =>
        Number(b.all_day === true) - Number(a.all_day === true) ||
        momentOf(a).localeCompare(momentOf(b)) ||
        a.id.localeCompare(b.id),
    )

/** A task is there when it is due, however long one may take for it. */
export const momentOf = (entry: Entry): string => (entry.object === 'event' ? entry.start : entry.end)

export const isOver = (entry: Entry, now: string): boolean =>
  entry.status === 'done' || (entry.all_day !== true && entry.end < now)

/** Where there is not room for all, what is over gives way first. */
export function windowOf(plan: readonly Entry[], room: number, now: string): Entry[] {
  if (plan.length <= room) return [...plan]
  const next = plan.findIndex((e) => !isOver(e, now))
  const from = next < 0 ? plan.length - room : Math.min(next, plan.length - room)
  return plan.slice(from, from + room)
}
