import { api, recordPath } from '@/api/client'
import type { Entry, Which } from '@/api/schedule'
import type { RecordData } from '@/api/types'
import { fromWallClock, wallClock } from '@/ui/time'

/** What a person does to the entries of a schedule, as requests. */

/** A moment as far from `value` as `to` is from `from`, on the clock on the wall. */
export function shifted(value: string, from: string, to: string): string {
  const [a, b] = [wallClock(from), wallClock(to)]
  return fromWallClock(wallClock(value).add(b.diff(a, 'minute'), 'minute'))
}

/** Gives an event other times: it alone, or as much of its series as is meant. */
export async function moveEvent(entry: Entry, start: string, end: string, which: Which) {
  if (!entry.repeats) {
    return api.patch<RecordData>(recordPath('event', entry.id), { starts_at: start, ends_at: end })
  }
  if (which === 'all') {
    // The series begins at another time than this occurrence of it, and moves as far.
    const series = await api.get<RecordData>(recordPath('event', entry.id))
    const starts_at = shifted(String(series.starts_at), entry.start, start)
    return api.patch<RecordData>(recordPath('event', entry.id), {
      starts_at,
      ends_at: shifted(starts_at, start, end),
    })
  }
  return api.post<RecordData>(recordPath('event'), {
    series: entry.id,
    occurrence: entry.start,
    continues: which === 'following',
    starts_at: start,
    ends_at: end,
  })
}

export const moveTask = (entry: Entry, due: string) =>
  api.patch<RecordData>(recordPath('task', entry.id), { due_at: due })

/** An event, or as much of its series as is meant, does not take place. */
export function removeEvent(entry: Entry, which: Which): Promise<unknown> {
  if (!entry.repeats || which === 'all') return api.delete(recordPath('event', entry.id))
  const action = which === 'one' ? 'skip' : 'end_before'
  return api.post(recordPath('event', entry.id, 'actions', action), { occurrence: entry.start })
}

export const actOn = (entry: Entry, action: string): Promise<unknown> =>
  api.post(recordPath(entry.object, entry.id, 'actions', action), {})
