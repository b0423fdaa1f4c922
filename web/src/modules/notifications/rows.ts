import type { KindSetting, Notification } from '@/api/notifications'
import type { ObjectDef } from '@/api/types'
import type { ListSearch } from '@/records/model/viewState'

export const days = ['today', 'yesterday', 'earlier'] as const
export type Day = (typeof days)[number]

/** Dates are the workspace's, as `YYYY-MM-DD`. Newest first, and each group only where something is in it. */
export function byDay(
  list: Notification[],
  dateOf: (instant: string) => string,
  today: string,
  yesterday: string,
): { day: Day; items: Notification[] }[] {
  const groups = new Map<Day, Notification[]>(days.map((d) => [d, []]))
  for (const n of list) {
    const date = dateOf(n.at)
    // What a server with a faster clock dates tomorrow is of today.
    const day: Day = date >= today ? 'today' : date === yesterday ? 'yesterday' : 'earlier'
    groups.get(day)?.push(n)
  }
  return [...groups].flatMap(([day, items]) => (items.length > 0 ? [{ day, items }] : []))
}

export interface KindGroup {
  name: string
  label: string
  kinds: string[]
}

/** The groups of the settings in their order, each with its kinds. */
export function groupsOf(kinds: readonly KindSetting[]): KindGroup[] {
  const groups = new Map<string, KindGroup>()
  for (const { kind, group } of kinds) {
    const known = groups.get(group.name)
    if (known) known.kinds.push(kind)
    else groups.set(group.name, { ...group, kinds: [kind] })
  }
  return [...groups.values()]
}

export type Target =
  | { to: 'record'; object: string; id: string }
  | { to: 'list'; object: string; search: Pick<ListSearch, 'filter' | 'sort'> }

/** Where a notification leads: to its record, for several to their list, to nothing the viewer may not see. */
export function targetOf(n: Notification, objects: Record<string, ObjectDef>): Target | undefined {
  const object = n.object === null ? undefined : objects[n.object]
  if (!object) return undefined
  if (n.count > 1) {
    // Those he was given are his now; the newest of them first.
    const given = n.kind === 'assigned' && object.fields.owner !== undefined
    return {
      to: 'list',
      object: object.name,
      search: given ? { filter: ['owner', '=', 'me'], sort: '-updated_at' } : {},
    }
  }
  if (n.record === null || n.title === null) return undefined
  return { to: 'record', object: object.name, id: n.record }
}

/** An icon of the catalogue's names. */
export function iconOf(n: Notification, objects: Record<string, ObjectDef>): string {
  if (n.kind === 'mentioned') return 'comment'
  if (n.kind === 'assigned') return 'user'
  if (n.moment !== null) return 'clock-circle'
  return (n.object !== null && objects[n.object]?.icon) || 'bell'
}

/** 1 … 99, then 99+. */
export const badge = (count: number) => (count > 99 ? '99+' : String(count))

/** What has come since, newest first; `since` is the newest seen before. */
export const newerThan = (list: Notification[], since: string | undefined) =>
  since === undefined ? [] : list.filter((n) => n.at > since)
