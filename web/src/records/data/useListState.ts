import { useParams, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { usePreference, useSearch as useRecordSearch, useViews } from '@/api/hooks'
import type { FieldDef, FilterExpr, ObjectDef, SavedView } from '@/api/types'
import { type ColumnPrefs, visibleColumns } from '../model/columns'
import { allOf, forServer } from '../model/filter'
import { effectiveView, isEdited, type ListSearch, type ListView, parseListSearch } from '../model/viewState'
import { useGo } from './nav'
import { useStable } from './useRows'

/** "All" as a choice of its own, for people whose default is another view. */
export const ALL = 'all'

export interface ListState {
  search: ListSearch
  view: ListView
  saved: SavedView | undefined
  views: SavedView[]
  /** Saved views or the quick search's hits are not here yet; what to show is not known before. */
  waiting: boolean
  /** The quick search found more than it lists. */
  capped: boolean
  edited: boolean
  columns: FieldDef[]
  widths: Record<string, number>
  setColumns(prefs: ColumnPrefs): void
  set(change: Partial<ListSearch>, replace?: boolean): void
  /** Everything that narrows the list: filter and quick search, ready for the server. */
  filter: FilterExpr | undefined
  /** By the viewer, beyond what the list is. */
  narrowed: boolean
}

/** A list that is a part of all records by its nature (those in a pool), with columns and order of its own and no saved views. */
export interface Ground {
  /** What the viewer's columns are kept under. */
  key: string
  filter: FilterExpr
  columns?: string[]
  sort?: string
}

/** More hits than this are not looked through one by one; the words should say more. */
export const MOST_HITS = 200

/** Without the search's index (one character, or the search failed): the names that hold these words. */
function byTitle(object: ObjectDef, words: string): FilterExpr | undefined {
  return object.fields[object.title]?.operators.includes('contains')
    ? [object.title, 'contains', words]
    : undefined
}

/** Quick search within the list goes to the server's search, which knows pinyin, initials and phone fragments. */
function useQuickFilter(
  object: ObjectDef,
  q: string | undefined,
): { filter: FilterExpr | undefined; pending: boolean; capped?: boolean } {
  const words = q?.trim() ?? ''
  const indexed = words.length > 1
  const hits = useRecordSearch(words, { object: object.name, limit: MOST_HITS, enabled: indexed })
  if (!words) return { filter: undefined, pending: false }
  if (!indexed || (hits.isError && !hits.data)) return { filter: byTitle(object, words), pending: false }
  if (!hits.data) return { filter: undefined, pending: true }
  const ids = hits.data.map((h) => h.id)
  // No record has no id: an empty answer stays an empty list.
  return {
    filter: ids.length > 0 ? ['id', 'in', ids] : ['id', 'is_null'],
    pending: false,
    capped: ids.length >= MOST_HITS,
  }
}

export function useObjectName(): string {
  return (useParams({ strict: false }) as { object?: string }).object ?? ''
}

export function useListState(object: ObjectDef, ground?: Ground): ListState {
  const raw = useSearch({ strict: false }) as Record<string, unknown>
  const search = useStable(useMemo(() => parseListSearch(raw), [raw]))
  const go = useGo()
  const viewsQuery = useViews(object.name, { enabled: !ground })
  const views = (!ground && viewsQuery.data) || []
  const saved = search.saved ? views.find((v) => v.id === search.saved) : views.find((v) => v.is_default)
  const view = effectiveView(search, saved, {
    sort: ground?.sort ?? object.layout.list?.sort,
  })
  const [prefs, setPrefs] = usePreference<ColumnPrefs>(
    ground ? `list.${ground.key}` : saved ? `list.${object.name}.${saved.id}` : `list.${object.name}`,
    {},
  )
  const set = useCallback(
    (change: Partial<ListSearch>, replace = true) =>
      void go.search((before) => {
        const next: Record<string, unknown> = { ...before, ...change }
        for (const key of Object.keys(next)) if (next[key] === undefined) delete next[key]
        return next
      }, replace),
    [go],
  )
  const quick = useQuickFilter(object, search.q)
  const filter = useStable(forServer(allOf(ground?.filter, view.filter, quick.filter)))
  const chosen = prefs.columns ?? saved?.definition.columns ?? ground?.columns
  return {
    search,
    view,
    saved,
    views,
    waiting: (!ground && viewsQuery.isPending) || quick.pending,
    capped: quick.capped === true,
    edited: isEdited(search, saved) || (saved !== undefined && prefs.columns !== undefined),
    columns: useMemo(() => visibleColumns(object, chosen), [object, chosen]),
    widths: prefs.widths ?? saved?.definition.widths ?? {},
    setColumns: (next) => setPrefs({ ...prefs, ...next }),
    set,
    filter,
    narrowed: view.filter !== undefined || quick.filter !== undefined,
  }
}
