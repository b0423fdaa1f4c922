import type { FilterExpr } from '@/api/types'
import { forServer, fromApi, type Group, toApi } from '../model/filter'

/** A rule keeps its criteria as the JSON text of a filter. */
export function readCriteria(text: unknown): FilterExpr | undefined {
  if (typeof text !== 'string' || text.trim() === '') return undefined
  try {
    return toApi(fromApi(JSON.parse(text)))
  } catch {
    return undefined
  }
}

/** Empty as long as no condition is complete, so that “required” means it. */
export function writeCriteria(root: Group): string {
  const filter = forServer(toApi(root))
  return filter === undefined ? '' : JSON.stringify(filter)
}
