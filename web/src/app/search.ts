import dayjs from 'dayjs'
import type { AuditFilter } from '@/api/audit'
import { workspaceName } from '@/api/workspace'
import type { WorkSearch } from '@/modules/reports'
import type { TargetsSearch } from '@/modules/targets'
import type { TargetsEditSearch } from '@/modules/targets/edit'

/** What the addresses of pages say: whatever is typed into one becomes what the page can work with. */
type Given = Record<string, unknown>

export const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

/** A day of the calendar, written as the server writes it. */
const dayOf = (value: unknown) => {
  const text = textOf(value)
  return text && dayjs(text).format('YYYY-MM-DD') === text ? text : undefined
}

/** A year stands in an address as a number. */
const periodOf = (value: unknown) => (typeof value === 'number' ? value : textOf(value))

/** One of them open at the side. */
export const opened = (s: Given): { open?: string } => ({ open: textOf(s.open) })

export const auditSearch = (s: Given): AuditFilter => ({
  from: textOf(s.from),
  to: textOf(s.to),
  user: textOf(s.user),
  object: textOf(s.object),
  record: textOf(s.record),
  field: textOf(s.field),
  kind: textOf(s.kind),
  via: textOf(s.via),
  address: textOf(s.address),
  only: s.only === 'permissions' ? s.only : undefined,
})

export const analysisSearch = (
  s: Given,
): { pipeline?: string; by?: string; period?: string; whose?: string } => ({
  pipeline: textOf(s.pipeline),
  by: textOf(s.by),
  period: textOf(s.period),
  whose: textOf(s.whose),
})

export const targetsSearch = (s: Given): TargetsSearch => ({
  period: periodOf(s.period),
  measure: textOf(s.measure),
  product: textOf(s.product),
  mine: s.mine === true || undefined,
})

export const targetsEditSearch = (s: Given): TargetsEditSearch => ({
  year: typeof s.year === 'number' ? s.year : undefined,
  measure: textOf(s.measure),
  product: textOf(s.product),
})

export const forecastSearch = (s: Given): { period?: string | number } => ({ period: periodOf(s.period) })

export const workSearch = (s: Given): WorkSearch => ({
  view: textOf(s.view),
  kind: textOf(s.kind),
  day: dayOf(s.day),
})

interface SignInSearch {
  next?: string
  expired?: boolean
  /** Why another service's sign-in failed: a stable code. */
  problem?: string
  workspace?: string
  /** Whoever is signed in wants to sign in elsewhere. */
  switch?: boolean
}

export const signInSearch = (s: Given): SignInSearch => ({
  // Only to a place of this page: an address in a mail must not lead elsewhere after signing in.
  next: typeof s.next === 'string' && /^\/(?![/\\])/.test(s.next) ? s.next : undefined,
  expired: s.expired === true || undefined,
  problem: typeof s.problem === 'string' ? s.problem : undefined,
  workspace: workspaceName(s.workspace),
  switch: s.switch === true || undefined,
})
