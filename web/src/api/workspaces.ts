import { useMutation, useQuery } from '@tanstack/react-query'
import { type ApiError, api } from './client'
import { keys, queryClient } from './queryClient'

/** A workspace as the server's administrator sees it. */
export interface WorkspaceInfo {
  name: string
  title: string
  /** Its administrators are the server's. */
  home: boolean
  demo: boolean
  archived: boolean
  /** Anybody may choose it at sign-in. */
  listed: boolean
  /** Of its own, where the server has sub-domains. */
  address: string | null
  created_at: string
  users: number | null
  bytes: number | null
  state: 'open' | 'archived' | 'busy' | 'failed'
  problem: string | null
}

/** For the first administrator of a workspace; told once. */
export interface Setup {
  login: string
  token: string
}

const path = (name: string, verb = '') => `/workspaces/${encodeURIComponent(name)}${verb}`

/** Where the set-up link leads: to the workspace's own address, or to this one, which names it. */
export function setupLink(
  workspace: Pick<WorkspaceInfo, 'name' | 'address'>,
  { token }: Setup,
  origin = location.origin,
): string {
  return `${workspace.address ?? origin}/setup?${new URLSearchParams({ token, workspace: workspace.name })}`
}

/** What to send to its people. */
export const signInLink = (
  { name, address }: Pick<WorkspaceInfo, 'name' | 'address'>,
  origin = location.origin,
) => (address ? `${address}/sign-in` : `${origin}/sign-in?${new URLSearchParams({ workspace: name })}`)

const put = (item: WorkspaceInfo) =>
  queryClient.setQueryData<WorkspaceInfo[]>(keys.workspaces, (old) =>
    old?.some((w) => w.name === item.name)
      ? old.map((w) => (w.name === item.name ? item : w))
      : [...(old ?? []), item],
  )

const again = () => queryClient.invalidateQueries({ queryKey: keys.workspaces })

export function useWorkspaces(options: { enabled: boolean }) {
  return useQuery({
    queryKey: keys.workspaces,
    queryFn: async ({ signal }) =>
      (await api.get<{ items: WorkspaceInfo[] }>('/workspaces', { signal })).items,
    // What is being filled is looked at until it is ready.
    refetchInterval: (query) => (query.state.data?.some((w) => w.state === 'busy') ? 2000 : false),
    ...options,
  })
}

export interface NewWorkspace {
  name: string
  title: string
  demo: boolean
  listed: boolean
}

export function useCreateWorkspace() {
  return useMutation<WorkspaceInfo & { setup?: Setup }, ApiError, { input: NewWorkspace; key: string }>({
    mutationFn: ({ input, key }) => api.post('/workspaces', input, { idempotencyKey: key }),
    // The token is for the one who made it, not for the list.
    onSuccess: ({ setup: _setup, ...item }) => {
      put(item)
      void queryClient.invalidateQueries({ queryKey: keys.offers })
    },
  })
}

type Changes = Partial<Pick<WorkspaceInfo, 'title' | 'listed' | 'archived'>>

export function useChangeWorkspace() {
  return useMutation<WorkspaceInfo, ApiError, { workspace: WorkspaceInfo; changes: Changes }>({
    mutationFn: ({ workspace, changes }) => api.patch(path(workspace.name), changes),
    onSuccess: (item, { changes }) => {
      if (item) put(item)
      void again()
      void queryClient.invalidateQueries({ queryKey: keys.offers })
      if (item?.home && changes.title !== undefined) {
        void queryClient.invalidateQueries({ queryKey: keys.catalogue })
        void queryClient.invalidateQueries({ queryKey: keys.session })
      }
    },
  })
}

export function useResetWorkspace() {
  return useMutation<void, ApiError, WorkspaceInfo>({
    mutationFn: ({ name }) => api.post<void>(path(name, '/reset'), {}),
    onSettled: again,
  })
}

export function useNewSetup() {
  return useMutation<Setup, ApiError, WorkspaceInfo>({
    mutationFn: async ({ name }) => (await api.post<{ setup: Setup }>(path(name, '/setup'), {})).setup,
  })
}
