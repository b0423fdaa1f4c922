/** Timeline entries by day, and which kinds there are to filter by. */
import type { TimelineEntry } from '@/api/types'
import { wallClock } from '@/ui/time'

export interface Day {
  day: string
  entries: TimelineEntry[]
}

export function byDays(entries: TimelineEntry[]): Day[] {
  const days: Day[] = []
  for (const entry of entries) {
    const day = wallClock(entry.at).format('YYYY-MM-DD')
    const last = days[days.length - 1]
    if (last?.day === day) last.entries.push(entry)
    else days.push({ day, entries: [entry] })
  }
  return days
}

/** `change` for the record's own history, otherwise the object's name. */
export const kindOfEntry = (entry: TimelineEntry): string =>
  entry.kind === 'change' ? 'change' : entry.object

export const kindsIn = (entries: TimelineEntry[]): string[] => [...new Set(entries.map(kindOfEntry))]
