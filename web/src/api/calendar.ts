import { useMutation, useQuery } from '@tanstack/react-query'
import { api } from './client'
import { keys, queryClient } from './queryClient'

/** The secret address of one's calendar, without the secret. */
export interface CalendarFeed {
  /** Since when; nothing where there is none. */
  created_at: string | null
  /** Tasks are in it too. */
  whole: boolean
}

export function useCalendarFeed() {
  return useQuery({
    queryKey: keys.calendarFeed,
    queryFn: ({ signal }) => api.get<CalendarFeed>('/calendar-feed', { signal }),
  })
}

const keep = (feed: CalendarFeed) => queryClient.setQueryData<CalendarFeed>(keys.calendarFeed, feed)

/** A new address in place of the one there was; it is in this answer only. */
export function useRenewFeed() {
  return useMutation({
    mutationFn: (whole: boolean) => api.post<CalendarFeed & { address: string }>('/calendar-feed', { whole }),
    onSuccess: ({ created_at, whole }) => keep({ created_at, whole }),
  })
}

export function useChangeFeed() {
  return useMutation({
    mutationFn: (whole: boolean) => api.patch<CalendarFeed>('/calendar-feed', { whole }),
    onSuccess: keep,
  })
}

export function useRemoveFeed() {
  return useMutation({
    mutationFn: () => api.delete<void>('/calendar-feed'),
    onSuccess: () => keep({ created_at: null, whole: false }),
  })
}
