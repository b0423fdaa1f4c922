/**
 * What a list shows, kept in the address so that a link, a reload or "back" brings the same list again. The saved view
 * is the ground; what the address says beside it overrides it, so an edited view can be told from the saved one.
 */
import type { FilterExpr, SavedView } from '@/api/types'

export type ViewKind = SavedView['kind']

export interface ListSearch {
  /** Saved view the list started from. */
  saved?: string
  view?: ViewKind
  filter?: FilterExpr
  sort?: string
  group?: string
  /** Quick search words. */
  q?: string
  /** Board: pipeline (or whatever scopes the columns). Calendar: the date in view and its span. */
  scope?: string
  /** A field of the object: the board's columns or the calendar's date. */
  by?: string
  on?: string
  span?: CalendarSpan
  /** First sort value from which the list starts (surname index). */
  seek?: string
}

export type CalendarSpan = 'month' | 'week' | 'day'

const KINDS: readonly ViewKind[] = ['table', 'board', 'calendar']
const SPANS: readonly CalendarSpan[] = ['month', 'week', 'day']

const text = (value: unknown, max = 200): string | undefined => {
  // The router reads `q=123` as a number; it was typed as words.
  const s = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
  return typeof s === 'string' && s !== '' && s.length <= max ? s : undefined
}

/** Keeps what is understood and drops the rest: an address is anybody's input. */
export function parseListSearch(raw: Record<string, unknown>): ListSearch {
  const out: ListSearch = {}
  const put = <K extends keyof ListSearch>(key: K, value: ListSearch[K] | undefined) => {
    if (value !== undefined) out[key] = value
  }
  put('saved', text(raw.saved))
  put('view', raw.view === 'list' ? 'table' : KINDS.find((k) => k === raw.view))
  put('filter', readFilter(raw.filter))
  const sort = text(raw.sort)
  put('sort', sort && /^-?[a-z0-9_.]+(,-?[a-z0-9_.]+){0,2}$/i.test(sort) ? sort : undefined)
  const name = (v: unknown) => {
    const s = text(v)
    return s && /^[a-z0-9_.:]+$/i.test(s) ? s : undefined
  }
  // An empty group says "not grouped" over a saved view that groups.
  put('group', raw.group === '' ? '' : name(raw.group))
  put('q', text(raw.q))
  put('scope', text(raw.scope))
  put('by', name(raw.by))
  put('on', typeof raw.on === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(raw.on) ? raw.on : undefined)
  put(
    'span',
    SPANS.find((s) => s === raw.span),
  )
  put('seek', text(raw.seek, 20))
  return out
}

function readFilter(raw: unknown): FilterExpr | undefined {
  if (typeof raw === 'string') {
    try {
      return readFilter(JSON.parse(raw))
    } catch {
      return undefined
    }
  }
  if (raw === null || typeof raw !== 'object') return undefined
  if (Array.isArray(raw))
    return raw.length >= 2 && typeof raw[0] === 'string' ? (raw as unknown as FilterExpr) : undefined
  return 'and' in raw || 'or' in raw || 'not' in raw ? (raw as FilterExpr) : undefined
}

export interface ListView {
  kind: ViewKind
  filter: FilterExpr | undefined
  sort: string
  group: string | undefined
}

interface Defaults {
  kind?: ViewKind
  sort?: string
}

/** Address over saved view over the object's own defaults. */
export function effectiveView(
  search: ListSearch,
  saved: SavedView | undefined,
  defaults: Defaults,
): ListView {
  const d = saved?.definition ?? {}
  const group = search.group ?? d.group ?? undefined
  return {
    kind: search.view ?? saved?.kind ?? defaults.kind ?? 'table',
    // `{and: []}` in the address means "no filter, although the view has one".
    filter: isNothing(search.filter) ? undefined : (search.filter ?? d.filter ?? undefined),
    sort: search.sort ?? d.sort ?? defaults.sort ?? '-updated_at',
    group: group === '' ? undefined : group,
  }
}

export const NO_FILTER: FilterExpr = { and: [] }

const isNothing = (filter: FilterExpr | undefined): boolean =>
  filter !== undefined && !Array.isArray(filter) && 'and' in filter && filter.and.length === 0

/** Whether the list differs from the view it was opened with, i.e. whether "save" has something to save. */
export function isEdited(search: ListSearch, saved: SavedView | undefined): boolean {
  if (!saved) return false
  const d = saved.definition ?? {}
  const differs = (a: unknown, b: unknown) =>
    a !== undefined && JSON.stringify(a) !== JSON.stringify(b ?? undefined)
  return (
    differs(search.view, saved.kind) ||
    differs(search.filter, d.filter) ||
    differs(search.sort, d.sort) ||
    differs(search.group, d.group)
  )
}

/** `-amount,name` → parts, first one decides. */
export function parseSort(sort: string): { field: string; desc: boolean }[] {
  return sort
    .split(',')
    .filter(Boolean)
    .map((part) =>
      part.startsWith('-') ? { field: part.slice(1), desc: true } : { field: part, desc: false },
    )
}

/** Clicking a header: ascending, descending, back to the list's own order. Shift keeps the others (three at most). */
export function toggleSort(sort: string, field: string, fallback: string, keep = false): string {
  const parts = parseSort(sort)
  const now = parts.find((p) => p.field === field)
  const write = (list: { field: string; desc: boolean }[]) =>
    list.map((p) => (p.desc ? `-${p.field}` : p.field)).join(',')
  const others = keep ? parts.filter((p) => p.field !== field) : []
  if (!now || (!keep && parts.length > 1)) return write([...others, { field, desc: false }].slice(-3))
  if (!now.desc)
    return write(
      keep ? parts.map((p) => (p.field === field ? { field, desc: true } : p)) : [{ field, desc: true }],
    )
  return write(others) || (fallback === sort ? field : fallback)
}
