import { useMutation, useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { api, isApiError } from './client'
import { keys, queryClient } from './queryClient'
import type { ApiToken } from './signIn'
import type { OpenSession, Session, ViewerInfo } from './types'
import { askedWorkspace, enterWorkspace, tabWorkspace } from './workspace'

/**
 * Of somebody else, or of another workspace, nothing may stay in memory, and nothing that waited to be written may be. Who is
 * signed in and how one signs in stay: the door itself is looking at them.
 */
export function forget() {
  for (const timer of pending.values()) clearTimeout(timer)
  pending.clear()
  queryClient.removeQueries({
    predicate: ({ queryKey: [first, second] }) =>
      first !== keys.session[0] && (first !== keys.offers[0] || second !== keys.offers[1]),
  })
  queryClient.getMutationCache().clear()
}

/** `null` when nobody is signed in (to that workspace); errors other than that are thrown. */
export async function loadSession(
  workspace: string | null = askedWorkspace() ?? tabWorkspace() ?? null,
): Promise<Session | null> {
  try {
    const session = await api.get<Session>('/session', { keepOn401: true, workspace })
    if (session.workspace && enterWorkspace(session.workspace.name)) forget()
    return session
  } catch (e) {
    if (isApiError(e) && e.status === 401) return null
    throw e
  }
}

export const sessionQuery = {
  queryKey: keys.session,
  queryFn: () => loadSession(),
  staleTime: Number.POSITIVE_INFINITY,
}

export function useSession() {
  return useQuery(sessionQuery)
}

const nobody: ViewerInfo = { id: '', name: '', login: '', roles: [], department: null }
/** Inside the shell there always is a viewer; elsewhere this is an empty one. */
export function useViewer(): ViewerInfo {
  return useSession().data?.user ?? nobody
}

/** Also for code outside components: drafts are kept under this id. */
export const viewerId = () => queryClient.getQueryData<Session | null>(keys.session)?.user.id ?? 'nobody'

export interface SignInInput {
  login: string
  password: string
  /** Of an authenticator app, or a recovery code. */
  code?: string
  /** In place of one that has expired. */
  new_password?: string
  /** None where the server itself chooses: by the host's name, by the session there was, or home. */
  workspace?: string
}

export function useSignIn() {
  return useMutation({
    mutationFn: async (input: SignInInput) => {
      const before = tabWorkspace()
      const workspace = input.workspace ?? null
      const answer = await api.post<{ recovery_codes?: string[] }>('/session', input, {
        keepOn401: true,
        workspace,
      })
      const session = await loadSession(workspace)
      return {
        session,
        codes: answer.recovery_codes,
        moved: before !== undefined && before !== tabWorkspace(),
      }
    },
    onSuccess: ({ session }) => {
      // Another person may have used this browser before: nothing of theirs may stay in memory.
      forget()
      queryClient.setQueryData(keys.session, session)
    },
  })
}

export function useSignOut() {
  return useMutation({
    mutationFn: () => api.delete<void>('/session', { keepOn401: true }),
    onSettled: () => {
      forget()
      queryClient.setQueryData(keys.session, null)
    },
  })
}

export function useChangePassword() {
  return useMutation({
    mutationFn: (input: { current: string; new: string }) => api.post<void>('/session/password', input),
  })
}

const pending = new Map<string, ReturnType<typeof setTimeout>>()

export function savePreference(key: string, value: unknown) {
  queryClient.setQueryData<Session | null>(keys.session, (s) =>
    s ? { ...s, preferences: { ...s.preferences, [key]: value } } : s,
  )
  // Column drags write many times a second; only the last value travels.
  clearTimeout(pending.get(key))
  pending.set(
    key,
    setTimeout(() => {
      pending.delete(key)
      // A setting that could not be kept is no reason to disturb: it still holds in this window.
      if (queryClient.getQueryData(keys.session)) {
        api.put(`/preferences/${encodeURIComponent(key)}`, value).catch(() => {})
      }
    }, 400),
  )
}

/** A small setting of this viewer, kept on the server. */
export function usePreference<T>(key: string, fallback: T): [T, (value: T) => void] {
  const value = useSession().data?.preferences[key]
  const set = useCallback((next: T) => savePreference(key, next), [key])
  return [value === undefined || value === null ? fallback : (value as T), set]
}

export function useTokens() {
  return useQuery({
    queryKey: keys.tokens,
    queryFn: async () => {
      const answer = await api.get<{ items: ApiToken[] }>('/tokens')
      return answer.items
    },
  })
}

export function useCreateToken() {
  return useMutation({
    mutationFn: (input: { name: string; days?: number; roles?: string[] }) =>
      api.post<ApiToken>('/tokens', input),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.tokens }),
  })
}

export function useRevokeToken() {
  return useMutation({
    mutationFn: (id: string) => api.delete<void>(`/tokens/${encodeURIComponent(id)}`),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.tokens }),
  })
}

export function useSessions() {
  return useQuery({
    queryKey: keys.sessions,
    queryFn: async () => (await api.get<{ items: OpenSession[] }>('/sessions')).items,
  })
}

export function useEndSession() {
  return useMutation({
    mutationFn: (id: string) => api.delete<void>(`/sessions/${encodeURIComponent(id)}`),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.sessions }),
  })
}
