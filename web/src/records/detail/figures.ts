/** Numbers in records that count other records, and the condition under which a list shows exactly those. */
import type { FilterExpr, RecordData } from '@/api/types'
import { asRef } from '@/fields/shared/values'

export interface Behind {
  object: string
  filter: FilterExpr
}

function parsed(text: unknown): FilterExpr | undefined {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}

/** Whom somebody greets at a festival: the customers of that day's criteria that are his. */
function greeted(record: RecordData): Behind | undefined {
  const owner = asRef(record.owner)
  // Hidden from the viewer: then the list is too.
  if (!owner || record.criteria === undefined) return undefined
  const filter: FilterExpr[] = [
    ['owner', '=', owner],
    ['pool', 'is_null'],
    { not: ['life_cycle', '=', 'lost'] },
  ]
  if (record.criteria !== null) {
    const criteria = parsed(record.criteria)
    if (!criteria) return undefined
    filter.push(criteria)
  }
  return { object: 'customer', filter: { and: filter } }
}

/** The archives of a closed year, all or those that are to be cleaned up. */
const ARCHIVES: Record<string, FilterExpr | null> = {
  archives: null,
  complete: ['completeness', '=', '100'],
  incomplete: ['completeness', '<', '100'],
  untouched: ['contacts', '=', 0],
  originals_out: ['originals', '>', 0],
}

function archives(field: string, record: RecordData): Behind | undefined {
  const narrower = ARCHIVES[field]
  if (narrower === undefined || typeof record.year !== 'number') return undefined
  const year: FilterExpr = ['year', '=', record.year]
  return { object: 'archive_year', filter: narrower ? { and: [year, narrower] } : year }
}

/** The records behind a number; nothing where it counts none. */
export function listBehind(object: string, field: string, record: RecordData): Behind | undefined {
  if (!(Number(record[field]) > 0)) return undefined
  if (object === 'festival_greeting' && field === 'customers') return greeted(record)
  if (object === 'archive_closing') return archives(field, record)
  return undefined
}
