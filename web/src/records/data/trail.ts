/**
 * The list a person came from, so that a record's page can step to the previous and the next one and lead back to the same
 * place. Kept for the window only: in another one the order may be another.
 */
import { viewerId } from '@/api/hooks'
import type { ListQuery } from '@/api/types'
import type { ListSearch } from '../model/viewState'
import { readOn } from './useRows'

export interface Trail {
  object: string
  ids: string[]
  search: ListSearch
  /** The pool whose list it was. */
  pool?: string
  /** Set for an ungrouped list, which can be read on. */
  query?: ListQuery
}

let current: (Trail & { viewer: string }) | null = null

export const leaveTrail = (trail: Trail) => {
  current = { ...trail, viewer: viewerId() }
}

export const trailOf = (object: string): Trail | null =>
  current?.object === object && current.viewer === viewerId() ? current : null

export function neighbours(
  object: string,
  id: string,
): { index: number; previous?: string; next?: string } | null {
  const trail = trailOf(object)
  const index = trail?.ids.indexOf(id) ?? -1
  if (!trail || index < 0) return null
  return { index, previous: trail.ids[index - 1], next: trail.ids[index + 1] }
}

/** The next record, read from the server when the loaded part ends here. */
export async function stepOn(object: string, id: string): Promise<string | undefined> {
  const here = neighbours(object, id)
  const trail = trailOf(object)
  if (!here || !trail || here.next || !trail.query) return here?.next
  const more = await readOn(object, trail.query)
  const known = new Set(trail.ids)
  trail.ids = [...trail.ids, ...more.filter((x) => !known.has(x))]
  return neighbours(object, id)?.next
}

const places = new Map<string, number>()
/** Scroll offset of a list, found again when it is opened with the same question. */
export const keepPlace = (key: string, offset: number) => places.set(`${viewerId()} ${key}`, offset)
export const placeOf = (key: string): number => places.get(`${viewerId()} ${key}`) ?? 0
