import { cachedRecord, dropRecords, patchRecord, refreshAfterWrite, refreshTimelines } from './cache'
import { currentCatalogue } from './catalogue'
import { api, listParams, recordPath, url } from './client'
import { same } from './mutations'
import { keys, queryClient } from './queryClient'
import { SCHEDULED } from './schedule'
import { loadSession } from './session'
import { MEASURED } from './targets'
import type { ChangeEvent, RecordPage, Session } from './types'
import { WORKED } from './work'

/**
 * Keeps what is on the page true while colleagues work: the server tells which record changed, and whatever of it is
 * loaded here is patched in place. Nothing jumps: rows keep their order until the list is opened afresh.
 */

const GATHER_MS = 300
/** More changes at once than this (an import is running) are not followed one by one. */
const MANY = 50

/** What figures are made of. */
const FIGURES = [
  ['targets', MEASURED],
  ['forecast', MEASURED],
  ['work_draft', WORKED],
  ['work_reports', WORKED],
] as const

let waiting: ChangeEvent[] = []
let timer: ReturnType<typeof setTimeout> | null = null

interface Pages {
  pages?: unknown[]
}

/** Lists somebody scrolled far into would be read again page by page; they only become old. */
function refreshShortLists(object: string) {
  void queryClient.invalidateQueries({
    queryKey: keys.lists(object),
    predicate: (q) => ((q.state.data as Pages | undefined)?.pages?.length ?? 0) <= 3,
  })
  void queryClient.invalidateQueries({ queryKey: keys.lists(object), refetchType: 'none' })
}

async function follow(object: string, events: ChangeEvent[]) {
  const deleted = events.filter((e) => e.kind === 'delete').map((e) => e.id)
  if (deleted.length > 0) {
    dropRecords(object, deleted)
    for (const id of deleted) {
      if (queryClient.getQueryData(keys.one(object, id))) {
        void queryClient.invalidateQueries({ queryKey: keys.one(object, id) })
      }
    }
  }
  if (events.length > MANY) {
    refreshShortLists(object)
    return
  }
  // What this page wrote itself it already shows: the version here is as new as the event's.
  const news = events.filter(
    (e) => e.kind !== 'delete' && (cachedRecord(object, e.id)?.version ?? 0) < e.version,
  )
  const known = [...new Set(news.filter((e) => cachedRecord(object, e.id)).map((e) => e.id))]
  if (news.some((e) => !cachedRecord(object, e.id))) refreshShortLists(object)
  if (known.length === 0) return
  const page = await api.get<RecordPage>(recordPath(object), {
    query: listParams({ filter: ['id', 'in', known], limit: 200 }),
  })
  const found = new Set(page.items.map((r) => r.id))
  for (const record of page.items) {
    const before = cachedRecord(object, record.id)
    const changed = Object.keys(record).filter((k) => !same(record[k], before?.[k]))
    patchRecord(object, record.id, record)
    refreshAfterWrite(object, record.id, changed)
  }
  // No longer in the viewer's sight (given to a colleague): the row goes.
  dropRecords(
    object,
    known.filter((id) => !found.has(id)),
  )
}

/**
 * What belongs to a record beside its fields: its team has no version of its own. A colleague who was given more right by it must
 * also see so, although the record has not changed.
 */
function followBeside(object: string, events: ChangeEvent[]) {
  const me = queryClient.getQueryData<Session | null>(keys.session)?.user.id
  for (const id of new Set(events.map((e) => e.id))) {
    void queryClient.invalidateQueries({ queryKey: keys.team(object, id) })
    void queryClient.invalidateQueries({ queryKey: keys.history(object, id) })
  }
  const unmoved = events.filter(
    (e) => e.kind === 'update' && e.actor !== me && cachedRecord(object, e.id)?.version === e.version,
  )
  for (const { id } of unmoved) void queryClient.invalidateQueries({ queryKey: keys.one(object, id) })
}

function flush() {
  const batch = waiting
  waiting = []
  timer = null
  const byObject = new Map<string, ChangeEvent[]>()
  for (const e of batch) byObject.set(e.object, [...(byObject.get(e.object) ?? []), e])
  // Who may use which pool has changed.
  if (byObject.has('pool')) void queryClient.invalidateQueries({ queryKey: keys.pools })
  if (SCHEDULED.some((o) => byObject.has(o))) void queryClient.invalidateQueries({ queryKey: keys.schedule })
  for (const [name, objects] of FIGURES)
    if (objects.some((o) => byObject.has(o)))
      void queryClient.invalidateQueries({ queryKey: keys.figuresOf(name) })
  const objects = currentCatalogue()?.objects
  if ([...byObject.keys()].some((o) => objects?.[o]?.fields.recycle_at))
    void queryClient.invalidateQueries({ queryKey: keys.recycling })
  for (const [object, events] of byObject) {
    void queryClient.invalidateQueries({ queryKey: keys.aggregates(object) })
    void queryClient.invalidateQueries({ queryKey: keys.tree(object) })
    if (events.length <= MANY) followBeside(object, events)
    // A failed reading-on leaves what is there; the next event or visit brings it.
    follow(object, events).catch(() => {})
  }
  refreshTimelines()
}

const newsWatchers = new Set<() => void>()
/** Called when there is something new for the viewer, or when he read it in another window. */
export const watchNews = (w: () => void) => {
  newsWatchers.add(w)
  return () => {
    newsWatchers.delete(w)
  }
}

export type LiveState = 'on' | 'off'
let state: LiveState = 'on'
const watchers = new Set<() => void>()
const setState = (next: LiveState) => {
  if (next === state) return
  state = next
  for (const w of watchers) w()
}
export const liveState = () => state
export const watchLive = (w: () => void) => {
  watchers.add(w)
  return () => watchers.delete(w)
}

/** Follows until the returned function is called. A hidden tab lets go: browsers allow six connections per server. */
export function startEvents(onGone: () => void): () => void {
  let source: EventSource | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let hide: ReturnType<typeof setTimeout> | undefined
  let missed = false
  let attempts = 0

  const close = () => {
    source?.close()
    source = undefined
    clearTimeout(retry)
  }
  const open = () => {
    if (source) return
    source = new EventSource(url('/events'))
    source.onopen = () => {
      attempts = 0
      setState('on')
      // What happened while nobody listened is unknown, so everything on the page is asked for again.
      if (missed) void queryClient.invalidateQueries({ refetchType: 'active' })
      missed = false
    }
    source.onerror = () => {
      missed = true
      attempts++
      if (attempts > 1) setState('off')
      if (source?.readyState !== EventSource.CLOSED) return
      close()
      retry = setTimeout(
        async () => {
          try {
            if ((await loadSession()) === null) return onGone()
          } catch {
            // The server is still away.
          }
          open()
        },
        Math.min(30_000, 1000 * 2 ** attempts),
      )
    }
    source.addEventListener('change', (e) => {
      waiting.push(JSON.parse((e as MessageEvent<string>).data) as ChangeEvent)
      if (timer === null) timer = setTimeout(flush, GATHER_MS)
    })
    source.addEventListener('notification', () => {
      for (const w of newsWatchers) w()
    })
    source.addEventListener('catalog', () => {
      void queryClient.invalidateQueries({ queryKey: keys.catalogue })
      // Rights are a part of it: an administrator may have changed a role.
      void queryClient.invalidateQueries({ queryKey: keys.roles })
    })
  }
  const onVisibility = () => {
    clearTimeout(hide)
    if (document.visibilityState === 'visible') open()
    else {
      hide = setTimeout(() => {
        missed = true
        close()
      }, 30_000)
    }
  }
  document.addEventListener('visibilitychange', onVisibility)
  open()
  return () => {
    document.removeEventListener('visibilitychange', onVisibility)
    clearTimeout(hide)
    close()
    setState('on')
  }
}
