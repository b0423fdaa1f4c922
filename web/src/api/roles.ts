import { useQuery } from '@tanstack/react-query'
import type { Ability, RecordAbility } from './abilities'
import { api, recordPath } from './client'
import { keys, queryClient } from './queryClient'
import type { Level } from './team'
import type { Label, Ref } from './types'

/** Whose records, from nobody's to everybody's. */
export const scopes = ['none', 'own', 'department', 'below', 'chosen', 'all'] as const
export type Scope = (typeof scopes)[number]
export type FieldRight = 'none' | 'masked' | 'read' | 'write'

export interface Grant {
  read: Scope
  create: boolean
  update: Scope
  delete: Scope
  /** Of the scope `chosen`: ids, each with all departments below it. */
  departments?: string[]
  /** In place of the role's own. */
  abilities?: RecordAbility[]
  /** What differs from the field's definition. */
  fields?: Record<string, FieldRight>
}

export interface Rights {
  owned: Grant
  shared: Grant
  organisation: Grant
  objects: Record<string, Grant>
  abilities: Ability[]
  /** From where it gives its rights; from anywhere without. */
  addresses?: string[]
  hidden_modules?: string[]
}

export interface RoleInForce {
  code: string
  label: Label
  rights: Rights
}

/** The rights of every role as they are in force; administrators only. */
export function useRoles(options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.roles,
    queryFn: async ({ signal }) => (await api.get<{ roles: RoleInForce[] }>('/roles', { signal })).roles,
    enabled: options.enabled ?? true,
  })
}

export const refreshRoles = () => queryClient.invalidateQueries({ queryKey: keys.roles })

/** Which of somebody's roles gives how much. */
export type Given = Record<string, Scope>

export interface ObjectRights {
  read: Given
  update: Given
  delete: Given
  create: string[]
  abilities: Partial<Record<RecordAbility, string[]>>
  /** Those below `write` only. */
  fields: Record<string, FieldRight>
  /** How many records he sees. */
  visible: number | null
}

export interface UserRights {
  user: Ref
  roles: { code: string; label: Label }[]
  abilities: Ability[]
  objects: Record<string, ObjectRights>
  /** What is shared with him besides his roles. */
  sharing: {
    rules: SharedBy[]
    /** In the teams of how many records he is, by object. */
    teams: Record<string, number>
  }
}

/** A record that shares others: a sharing rule, a territory. */
export interface SharedBy {
  /** Whose records. */
  object: string
  /** What kind of record says so. */
  source: string
  id: string
  title: string
  level: Level
}

/** What somebody may do, object by object, and by which of his roles. */
export function useUserRights(id: string) {
  return useQuery({
    queryKey: keys.userRights(id),
    queryFn: ({ signal }) => api.get<UserRights>(`/users/${encodeURIComponent(id)}/rights`, { signal }),
    staleTime: 0,
  })
}

/** The whole of a masked value, asked for by `refetch`: every look is logged. Gone when nothing shows it any more. */
export function useReveal(object: string, record: { id: string; version: number }, field: string) {
  return useQuery({
    queryKey: keys.reveal(object, record.id, record.version, field),
    queryFn: async () =>
      (await api.post<{ value: unknown }>(recordPath(object, record.id, 'reveal'), { field })).value ?? null,
    enabled: false,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
}
