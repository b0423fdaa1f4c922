import { QueryClient } from '@tanstack/react-query'
import { isApiError } from './client'

export const queryClient = new QueryClient({
  defaultOptions: {
    // Without a network the library would hold every request back in silence: a button that turns for ever. Here each is tried,
    // fails at once and says so, and what was read is read again when the network is back.
    queries: {
      networkMode: 'always',
      refetchOnReconnect: true,
      // The event stream tells what changed, so data on the page stays fresh without asking again on every mount.
      staleTime: 60_000,
      gcTime: 15 * 60_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => {
        if (isApiError(error) && error.status >= 400 && error.status < 500) return false
        return count < 2
      },
    },
    mutations: { networkMode: 'always', retry: false },
  },
})

/** All keys in one place: the event stream patches exactly what the hooks read. */
export const keys = {
  session: ['session'] as const,
  catalogue: ['catalogue'] as const,
  regions: ['regions'] as const,
  recent: ['recent'] as const,
  tokens: ['tokens'] as const,
  calendarFeed: ['calendar-feed'] as const,
  sessions: ['sessions'] as const,
  totp: ['totp'] as const,
  oidcIdentity: ['oidc'] as const,
  oidcSettings: ['sign-in', 'oidc'] as const,
  offers: ['sign-in', 'offers'] as const,
  offersOf: (workspace: string | null) => ['sign-in', 'offers', workspace] as const,
  ldapSettings: ['sign-in', 'ldap'] as const,
  signIn: ['sign-in'] as const,
  signInSettings: ['sign-in', 'settings'] as const,
  locked: ['sign-in', 'locked'] as const,
  workspaces: ['workspaces'] as const,
  views: (object: string) => ['views', object] as const,
  trash: ['trash'] as const,
  pools: ['pools'] as const,
  schedule: ['schedule'] as const,
  recycling: ['recycling'] as const,
  imports: ['imports'] as const,
  exports: ['exports'] as const,
  settings: (section: string) => ['settings', section] as const,
  waitingExports: ['exports', 'waiting'] as const,
  seal: ['audit', 'seal'] as const,
  audit: (filter: unknown) => ['audit', 'list', filter] as const,
  notifications: ['notifications'] as const,
  unread: ['notifications', 'unread'] as const,
  notificationLists: ['notifications', 'list'] as const,
  notificationList: (filter: unknown) => ['notifications', 'list', filter] as const,
  notificationSettings: ['notifications', 'settings'] as const,
  notificationKinds: ['notifications', 'kinds'] as const,
  mail: ['channels', 'mail'] as const,
  robots: ['channels', 'robots'] as const,
  deliveries: ['channels', 'deliveries'] as const,
  search: ['search'] as const,
  object: (object: string) => ['records', object] as const,
  lists: (object: string) => ['records', object, 'list'] as const,
  list: (object: string, query: unknown) => ['records', object, 'list', query] as const,
  one: (object: string, id: string) => ['records', object, 'one', id] as const,
  aggregates: (object: string) => ['records', object, 'aggregate'] as const,
  aggregate: (object: string, spec: unknown) => ['records', object, 'aggregate', spec] as const,
  history: (object: string, id: string) => ['records', object, 'history', id] as const,
  timeline: (object: string, id: string) => ['records', object, 'timeline', id] as const,
  team: (object: string, id: string) => ['records', object, 'team', id] as const,
  attachments: (object: string, id: string) => ['records', object, 'attachments', id] as const,
  /** One look at the whole of a masked value; another version of the record is another value. */
  reveal: (object: string, id: string, version: number, field: string) =>
    ['records', object, 'reveal', id, version, field] as const,
  roles: ['records', 'role', 'rights'] as const,
  userRights: (id: string) => ['records', 'user', 'rights', id] as const,
  tree: (object: string) => ['records', object, 'tree'] as const,
  allFigures: ['figures'] as const,
  /** What a page shows of several objects at once. */
  figuresOf: (name: string) => ['figures', name] as const,
  figures: (name: string, asked: unknown) => ['figures', name, asked] as const,
}
