import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { catalogueQuery } from '@/api/catalogue'
import { queryClient } from '@/api/queryClient'
import { sessionQuery } from '@/api/session'
import type { FilterExpr } from '@/api/types'
import { workspaceName } from '@/api/workspace'
import type { ScheduleSearch } from '@/modules/schedule'
import { setTimeZone } from '@/ui/time'
import { CrashPage, NotFoundPage, ShellCrashPage } from './ErrorPages'
import {
  analysisSearch,
  auditSearch,
  forecastSearch,
  opened,
  signInSearch,
  targetsEditSearch,
  targetsSearch,
  textOf,
  workSearch,
} from './search'
import { ContentSkeleton, Shell } from './shell/Shell'
import { ShellSkeleton } from './shell/ShellSkeleton'

/** What the address of a list says, so that a list as it stands can be sent to a colleague. */
export interface ListSearch {
  view?: 'list' | 'board' | 'calendar'
  /** A saved view. */
  saved?: string
  filter?: FilterExpr
  sort?: string
  group?: string
  q?: string
}

const root = createRootRoute({ component: Outlet })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: signInSearch,
  beforeLoad: async ({ search }) => {
    const session = await queryClient.ensureQueryData(sessionQuery).catch(() => null)
    if (session && !search.switch) throw redirect({ href: search.next ?? '/' })
  },
  component: lazyRouteComponent(() => import('./sign-in/SignInPage'), 'SignInPage'),
})

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: (s): { token?: string; workspace?: string } => ({
    token: typeof s.token === 'string' ? s.token : s.token ? String(s.token) : undefined,
    workspace: workspaceName(s.workspace),
  }),
  component: lazyRouteComponent(() => import('./sign-in/SetupPage'), 'SetupPage'),
})

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ location }) => {
    // Both at once: whoever is signed in gets the catalogue one round trip sooner.
    const catalogue = queryClient.ensureQueryData(catalogueQuery).catch((e) => e as Error)
    const session = await queryClient.ensureQueryData(sessionQuery)
    if (session === null) {
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } })
    }
    const loaded = await catalogue
    if (loaded instanceof Error) throw loaded
    setTimeZone(loaded.workspace.time_zone)
  },
  component: Shell,
  pendingComponent: ShellSkeleton,
  errorComponent: ShellCrashPage,
  // The shell's shape stands at once, not after the router's usual wait.
  pendingMs: 0,
  pendingMinMs: 0,
})

const page = { getParentRoute: () => shell, pendingComponent: ContentSkeleton, errorComponent: CrashPage }

const home = createRoute({
  ...page,
  path: '/',
  component: lazyRouteComponent(() => import('@/modules/home'), 'HomePage'),
})

const list = createRoute({
  ...page,
  path: '/o/$object',
  validateSearch: (s): ListSearch => s as ListSearch,
  component: lazyRouteComponent(() => import('@/records'), 'RecordListPage'),
})

const importing = createRoute({
  ...page,
  path: '/o/$object/import',
  component: lazyRouteComponent(() => import('@/records'), 'ImportPage'),
})

const detail = createRoute({
  ...page,
  path: '/o/$object/$id',
  beforeLoad: ({ params }) => {
    // Its criteria are text for programs; the drawer of the rules says them in words.
    if (params.object === 'sharing_rule') {
      throw redirect({ to: '/admin/sharing-rules', search: { rule: params.id }, replace: true })
    }
    // Everybody who may see a pool wants what lies in it.
    if (params.object === 'pool') {
      throw redirect({ to: '/pools/$id', params: { id: params.id }, search: {}, replace: true })
    }
    // Said in a sentence, and for capacities another text for programs.
    if (params.object === 'recycle_rule') {
      throw redirect({ to: '/admin/recycle-rules', search: { open: params.id }, replace: true })
    }
    // Few, and understood only beside each other.
    if (params.object === 'pipeline' || params.object === 'stage') {
      throw redirect({ to: '/admin/pipelines', search: { [params.object]: params.id }, replace: true })
    }
    if (params.object === 'capacity') {
      throw redirect({ to: '/admin/capacities', search: { open: params.id }, replace: true })
    }
  },
  component: lazyRouteComponent(() => import('@/records'), 'RecordDetailPage'),
})

const schedule = createRoute({
  ...page,
  path: '/schedule',
  validateSearch: (s): ScheduleSearch => s as ScheduleSearch,
  component: lazyRouteComponent(() => import('@/modules/schedule'), 'SchedulePage'),
})

const trash = createRoute({
  ...page,
  path: '/trash',
  component: lazyRouteComponent(() => import('@/records'), 'TrashPage'),
})

const account = createRoute({
  ...page,
  path: '/account',
  validateSearch: (s): { tab?: 'notifications' | 'calendar' } => ({
    tab: s.tab === 'notifications' || s.tab === 'calendar' ? s.tab : undefined,
  }),
  component: lazyRouteComponent(() => import('./account/AccountPage'), 'AccountPage'),
})

const users = createRoute({
  ...page,
  path: '/admin/users',
  component: lazyRouteComponent(() => import('@/modules/admin'), 'UsersPage'),
})

const departments = createRoute({
  ...page,
  path: '/admin/departments',
  component: lazyRouteComponent(() => import('@/modules/admin'), 'DepartmentsPage'),
})

const roles = createRoute({
  ...page,
  path: '/admin/roles',
  validateSearch: (s): { role?: string } => ({ role: typeof s.role === 'string' ? s.role : undefined }),
  component: lazyRouteComponent(() => import('@/modules/admin'), 'RolesPage'),
})

const sharingRules = createRoute({
  ...page,
  path: '/admin/sharing-rules',
  validateSearch: (s): { rule?: string } => ({ rule: typeof s.rule === 'string' ? s.rule : undefined }),
  component: lazyRouteComponent(() => import('@/modules/admin'), 'SharingRulesPage'),
})

const territories = createRoute({
  ...page,
  path: '/admin/territories',
  validateSearch: (s): { territory?: string } => ({
    territory: typeof s.territory === 'string' ? s.territory : undefined,
  }),
  component: lazyRouteComponent(() => import('@/modules/admin'), 'TerritoriesPage'),
})

const poolSettings = createRoute({
  ...page,
  path: '/admin/pools',
  validateSearch: opened,
  component: lazyRouteComponent(() => import('@/modules/admin'), 'PoolSettingsPage'),
})

const recycleRules = createRoute({
  ...page,
  path: '/admin/recycle-rules',
  validateSearch: opened,
  component: lazyRouteComponent(() => import('@/modules/admin'), 'RecycleRulesPage'),
})

const capacities = createRoute({
  ...page,
  path: '/admin/capacities',
  validateSearch: opened,
  component: lazyRouteComponent(() => import('@/modules/admin'), 'CapacitiesPage'),
})

const pipelines = createRoute({
  ...page,
  path: '/admin/pipelines',
  validateSearch: (s): { pipeline?: string; stage?: string } => ({
    pipeline: textOf(s.pipeline),
    stage: textOf(s.stage),
  }),
  component: lazyRouteComponent(() => import('@/modules/admin/pipelines'), 'PipelinesPage'),
})

const salesAnalysis = createRoute({
  ...page,
  path: '/sales/analysis',
  validateSearch: analysisSearch,
  component: lazyRouteComponent(() => import('@/modules/sales'), 'AnalysisPage'),
})

const targets = createRoute({
  ...page,
  path: '/targets',
  validateSearch: targetsSearch,
  component: lazyRouteComponent(() => import('@/modules/targets'), 'ProgressPage'),
})

const setTargets = createRoute({
  ...page,
  path: '/targets/edit',
  validateSearch: targetsEditSearch,
  component: lazyRouteComponent(() => import('@/modules/targets/edit'), 'EditPage'),
})

const workReports = createRoute({
  ...page,
  path: '/work-reports',
  validateSearch: workSearch,
  component: lazyRouteComponent(() => import('@/modules/reports'), 'WorkPage'),
})

const forecast = createRoute({
  ...page,
  path: '/forecast',
  validateSearch: forecastSearch,
  component: lazyRouteComponent(() => import('@/modules/forecast'), 'ForecastPage'),
})

const signInSettings = createRoute({
  ...page,
  path: '/admin/sign-in',
  component: lazyRouteComponent(() => import('@/modules/admin'), 'SignInSettingsPage'),
})

const channels = createRoute({
  ...page,
  path: '/admin/notifications',
  component: lazyRouteComponent(() => import('@/modules/admin'), 'ChannelsPage'),
})

const audit = createRoute({
  ...page,
  path: '/admin/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('@/modules/admin'), 'AuditPage'),
})

const workspaces = createRoute({
  ...page,
  path: '/admin/workspaces',
  component: lazyRouteComponent(() => import('@/modules/admin'), 'WorkspacesPage'),
})

const dataSafety = createRoute({
  ...page,
  path: '/admin/data-safety',
  component: lazyRouteComponent(() => import('@/modules/admin'), 'DataSafetyPage'),
})

const waitingExports = createRoute({
  ...page,
  path: '/admin/exports',
  component: lazyRouteComponent(() => import('@/modules/admin'), 'ExportsPage'),
})

const handovers = createRoute({
  ...page,
  path: '/admin/handovers',
  component: lazyRouteComponent(() => import('@/modules/handover'), 'HandoversPage'),
})

const handover = createRoute({
  ...page,
  path: '/admin/handovers/$id',
  component: lazyRouteComponent(() => import('@/modules/handover'), 'HandoverPage'),
})

const newHandover = createRoute({
  ...page,
  path: '/admin/handovers/new/$user',
  validateSearch: (s): { deactivate?: boolean } => ({ deactivate: s.deactivate === true || undefined }),
  component: lazyRouteComponent(() => import('@/modules/handover'), 'WizardPage'),
})

const people = createRoute({
  ...page,
  path: '/people',
  component: lazyRouteComponent(() => import('@/modules/people'), 'PeoplePage'),
})

const pools = createRoute({
  ...page,
  path: '/pools',
  component: lazyRouteComponent(() => import('@/modules/pools'), 'PoolsPage'),
})

const pool = createRoute({
  ...page,
  path: '/pools/$id',
  validateSearch: (s): ListSearch => s as ListSearch,
  component: lazyRouteComponent(() => import('@/modules/pools'), 'PoolsPage'),
})

/** Everything else. Whoever is signed out is led to the door first, as for any other address. */
const nowhere = createRoute({ ...page, path: '$', component: NotFoundPage })

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    setup,
    shell.addChildren([
      home,
      list,
      importing,
      detail,
      trash,
      account,
      users,
      departments,
      roles,
      sharingRules,
      territories,
      poolSettings,
      recycleRules,
      capacities,
      pipelines,
      signInSettings,
      channels,
      audit,
      dataSafety,
      waitingExports,
      workspaces,
      handovers,
      handover,
      newHandover,
      salesAnalysis,
      targets,
      setTargets,
      forecast,
      workReports,
      people,
      pools,
      schedule,
      pool,
      nowhere,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultPreloadDelay: 60,
  defaultNotFoundComponent: NotFoundPage,
  defaultErrorComponent: ShellCrashPage,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
