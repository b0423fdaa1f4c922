import { useQuery } from '@tanstack/react-query'
import { refreshObject } from './cache'
import { api } from './client'
import { keys, queryClient } from './queryClient'
import type { RecordData, Ref } from './types'

/** One time of something in somebody's schedule. */
export interface Entry {
  object: 'event' | 'task' | 'follow_up'
  id: string
  version: number
  title: string | null
  start: string
  end: string
  /** Whose of those that were asked for. */
  people: string[]
  owner: Ref | null
  customer: Ref | null
  kind?: Ref | null
  /** That of its kind, by Ant Design's names. */
  color?: string | null
  place?: string | null
  participants?: Ref[] | null
  remind_minutes?: number | null
  all_day?: boolean
  /** The days of whole days. */
  first_day?: string
  last_day?: string
  repeats?: boolean
  /** It stands for an occurrence of this series. */
  series?: string | null
  /** What the viewer answered, where he is asked to take part. */
  answer?: 'asked' | 'accepted' | 'declined' | null
  /** Of a task. */
  status?: string | null
  _can?: RecordData['_can']
}

interface Answer {
  items: Entry[]
  /** There is more than is shown. */
  cut: boolean
}

/** What of a repeating event is meant. */
export type Which = 'one' | 'following' | 'all'

/** Whose: nobody named means the viewer himself. */
export function useSchedule(
  from: string,
  to: string,
  people: readonly string[],
  options: { enabled?: boolean } = {},
) {
  return useQuery({
    queryKey: [...keys.schedule, from, to, people],
    queryFn: ({ signal }) =>
      api.get<Answer>('/figures/schedule', {
        query: { from, to, people: people.length > 0 ? people.join(';') : undefined },
        signal,
      }),
    enabled: options.enabled ?? true,
    // Turning a page keeps the former days until the new ones are there.
    placeholderData: (before) => before,
  })
}

/** What a schedule is made of. */
export const SCHEDULED = ['event', 'task', 'follow_up', 'event_kind']

export function refreshSchedule() {
  void queryClient.invalidateQueries({ queryKey: keys.schedule })
  for (const object of SCHEDULED.slice(0, 3)) refreshObject(object)
}

/** An entry shows another time at once; what the server says comes after. */
export function showMoved(entry: Entry, start: string, end: string) {
  queryClient.setQueriesData<Answer>({ queryKey: keys.schedule }, (data) =>
    data
      ? {
          ...data,
          items: data.items.map((e) =>
            e.object === entry.object && e.id === entry.id && e.start === entry.start
              ? { ...e, start, end }
              : e,
          ),
        }
      : data,
  )
}
