import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { type ApiError, api } from './client'
import { keys, queryClient } from './queryClient'
import type { Paged } from './types'

/** How notifications leave the house: by mail, and by robots in chat groups. For administrators only. */

const seg = encodeURIComponent

export const securities = ['tls', 'starttls', 'none'] as const

export interface MailSettings {
  enabled: boolean
  host: string
  port: number
  security: (typeof securities)[number]
  user: string
  /** Whether there is one; it never leaves the server. */
  password: boolean
  from: string
  /** Where links in mails lead. */
  page_address: string
}

/** An empty password removes the one there is; without it, it stays. */
export type MailInput = Partial<Omit<MailSettings, 'password'>> & { password?: string }

export function useMailSettings() {
  return useQuery({
    queryKey: keys.mail,
    queryFn: ({ signal }) => api.get<MailSettings>('/mail', { signal }),
  })
}

export function useChangeMail() {
  return useMutation<MailSettings, ApiError, MailInput>({
    mutationFn: (changes) => api.patch<MailSettings>('/mail', changes),
    onSuccess: (saved) => {
      queryClient.setQueryData(keys.mail, saved)
      void queryClient.invalidateQueries({ queryKey: keys.notificationSettings })
    },
  })
}

export const useTestMail = () =>
  useMutation<{ sent: boolean }, ApiError, string>({
    mutationFn: (to) => api.post<{ sent: boolean }>('/mail/test', { to }),
  })

export const robotFormats = ['wecom', 'dingtalk', 'feishu', 'generic'] as const
export type RobotFormat = (typeof robotFormats)[number]

export interface Robot {
  id: string
  name: string
  format: RobotFormat
  /** Shortened: the key in it never leaves the server. */
  url: string
  secret: boolean
  kinds: string[]
  /** Whose people it tells of; empty: everybody's. */
  departments: string[]
  active: boolean
}

export type RobotInput = Partial<Omit<Robot, 'id' | 'secret'>> & { secret?: string }

export function useRobots() {
  return useQuery({
    queryKey: keys.robots,
    queryFn: async ({ signal }) => (await api.get<{ items: Robot[] }>('/robots', { signal })).items,
  })
}

const refreshRobots = () => queryClient.invalidateQueries({ queryKey: keys.robots })

/** With an id it is changed, without one it is made. */
export function useSaveRobot() {
  return useMutation<Robot, ApiError, { id?: string; values: RobotInput }>({
    mutationFn: ({ id, values }) =>
      id === undefined ? api.post<Robot>('/robots', values) : api.patch<Robot>(`/robots/${seg(id)}`, values),
    onSuccess: refreshRobots,
  })
}

export function useRemoveRobot() {
  return useMutation<void, ApiError, string>({
    mutationFn: (id) => api.delete<void>(`/robots/${seg(id)}`),
    onSuccess: refreshRobots,
  })
}

export const useTestRobot = () =>
  useMutation<{ sent: boolean }, ApiError, string>({
    mutationFn: (id) => api.post<{ sent: boolean }>(`/robots/${seg(id)}/test`, {}),
  })

export interface KindOffer {
  kind: string
  label: string
  group: { name: string; label: string }
}

export function useNotificationKinds(options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.notificationKinds,
    queryFn: async ({ signal }) =>
      (await api.get<{ items: KindOffer[] }>('/notifications/kinds', { signal })).items,
    staleTime: 5 * 60_000,
    enabled: options.enabled ?? true,
  })
}

export const deliveryStates = ['waiting', 'failed', 'sent'] as const
export type DeliveryState = (typeof deliveryStates)[number]

export interface Delivery {
  id: string
  channel: 'mail' | 'robot'
  robot: string | null
  to: string | null
  state: DeliveryState
  attempts: number
  error: string | null
  created_at: string
  /** The next try. */
  due_at: string
  sent_at: string | null
}

interface DeliveryPage extends Paged<Delivery> {
  waiting: number
  failed: number
}

/** Asked again by itself while it is on the page: it moves without anybody's doing. */
export function useDeliveries(state: DeliveryState) {
  return useInfiniteQuery({
    queryKey: [...keys.deliveries, state],
    queryFn: ({ pageParam, signal }) =>
      api.get<DeliveryPage>('/deliveries', { query: { state, cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    staleTime: 0,
    // Whoever has read on keeps what he reads.
    refetchInterval: (q) => ((q.state.data?.pages.length ?? 0) > 1 ? false : 15_000),
  })
}

export function useRetryDelivery() {
  return useMutation<void, ApiError, string>({
    mutationFn: (id) => api.post<void>(`/deliveries/${seg(id)}/retry`, {}),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.deliveries }),
  })
}
