import { useMutation, useQuery } from '@tanstack/react-query'
import { announce } from './announce'
import { refreshTimelines } from './cache'
import { type ApiError, api, recordPath } from './client'
import { keys, queryClient } from './queryClient'
import type { components } from './schema'
import type { Ref } from './types'

export type Level = 'read' | 'write'

type Schema = components['schemas']['Team']
/** Who works on a record besides its owner. */
export type Team = Omit<Schema, 'items'> & { items: Member[] }
export type Member = Omit<Schema['items'][number], 'user' | 'created_by'> & {
  user: Ref
  created_by: Ref | null
}

/** One side of a change of the team, as the history tells it under the field `_team`. */
export interface TeamSide {
  user: Ref
  level: Level
  expires_at: string | null
}

/** Whoever reads the record knows its team. Only records with an owner have one. */
export function useTeam(object: string, id: string) {
  return useQuery({
    queryKey: keys.team(object, id),
    queryFn: ({ signal }) => api.get<Team>(recordPath(object, id, 'team'), { signal }),
  })
}

const refresh = (object: string, id: string) => {
  void queryClient.invalidateQueries({ queryKey: keys.history(object, id) })
  refreshTimelines()
}

export interface Place {
  user: Ref
  level: Level
  expires_at: string | null
}

const put = async (object: string, id: string, { user, level, expires_at }: Place) => {
  const team = await api.put<Team>(recordPath(object, id, 'team', user.id), { level, expires_at })
  queryClient.setQueryData(keys.team(object, id), team)
  return team
}

const patch = (object: string, id: string, change: (items: Member[]) => Member[]) =>
  queryClient.setQueryData<Team>(keys.team(object, id), (old) => old && { ...old, items: change(old.items) })

/** Takes somebody into the team, or changes what he may do there and until when. */
export function usePutMember(object: string, id: string) {
  return useMutation<Team, ApiError, Place & { quiet?: boolean }>({
    mutationFn: (place) => put(object, id, place),
    onMutate: async ({ user, level, expires_at }) => {
      await queryClient.cancelQueries({ queryKey: keys.team(object, id) })
      patch(object, id, (items) =>
        items.map((m) => (m.user.id === user.id ? { ...m, level, expires_at, expired: false } : m)),
      )
    },
    onSuccess: () => refresh(object, id),
    onError: (error, { quiet }) => {
      void queryClient.invalidateQueries({ queryKey: keys.team(object, id) })
      if (!quiet) announce({ kind: 'failed', object, error, fields: [] })
    },
  })
}

/** Takes somebody out. He comes back, as he was, with "undo"; who leaves by himself cannot call himself back. */
export function useRemoveMember(object: string, id: string) {
  return useMutation<void, ApiError, { member: Member; leaves?: boolean }>({
    mutationFn: ({ member }) => api.delete<void>(recordPath(object, id, 'team', member.user.id)),
    onSuccess: (_, { member, leaves }) => {
      patch(object, id, (items) => items.filter((m) => m.user.id !== member.user.id))
      refresh(object, id)
      if (leaves) return
      announce({
        kind: 'out_of_team',
        object,
        name: member.user.title,
        // An end that has passed is not accepted again, so who was there no longer cannot come back that way.
        undo: member.expired
          ? undefined
          : async () => {
              await put(object, id, member)
              refresh(object, id)
            },
      })
    },
    onError: (error) => announce({ kind: 'failed', object, error, fields: [] }),
  })
}
