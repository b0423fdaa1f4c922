import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { currentCatalogue } from '@/api/catalogue'
import { api, listParams, recordPath } from '@/api/client'
import { search } from '@/api/resources'
import type { FieldDef, FilterExpr, RecordData, RecordPage, Ref } from '@/api/types'
import { asRef } from './values'

export interface Candidate extends Ref {
  subtitle?: string | null
}

/** `me` and `my_department` stand for the viewer in filters. */
export const selfWords = { user: 'me', department: 'my_department' } as const

export function targetOf(field: FieldDef): string {
  if (field.to) return field.to
  return field.type === 'user' ? 'user' : field.type === 'department' ? 'department' : ''
}

const titleField = (object: string) => currentCatalogue()?.objects[object]?.title ?? 'name'

/** `where` of the field with this record's values put in; a value not chosen yet narrows nothing. */
function narrowing(field: FieldDef, record: RecordData | undefined): FilterExpr[] {
  return Object.entries(field.where ?? {}).flatMap(([target, own]): FilterExpr[] => {
    const value = record?.[own]
    const plain = asRef(value)?.id ?? value
    return plain === undefined || plain === null || plain === '' ? [] : [[target, '=', plain]]
  })
}

const all = (filters: FilterExpr[]): FilterExpr | undefined =>
  filters.length > 1 ? { and: filters } : filters[0]

async function read(
  object: string,
  filters: FilterExpr[],
  signal: AbortSignal,
  limit = 20,
): Promise<Candidate[]> {
  const title = titleField(object)
  const def = currentCatalogue()?.objects[object]
  // Records people work on: the latest first. Reference data (stages, products): in their own order.
  const sort = def?.traits.includes('owned') ? '-updated_at' : (def?.layout.list?.sort ?? title)
  const page = await api.get<RecordPage>(recordPath(object), {
    query: listParams({ filter: all(filters), sort, fields: [title], limit }),
    signal,
  })
  return page.items.map((r) => ({ id: r.id, title: (r[title] as string | null) ?? null }))
}

/** What is not in use any more is not offered anew (positions, products); somebody who has left may still be named. */
function inUse(object: string): FilterExpr[] {
  const active = currentCatalogue()?.objects[object]?.fields.active
  return active?.type === 'boolean' && object !== 'user' ? [['active', '=', true]] : []
}

/** What a lookup offers: records in their usual order until something is typed, then what the search (with pinyin) finds. */
export function useCandidates(
  field: FieldDef,
  record: RecordData | undefined,
  q: string,
  { enabled, anew }: { enabled: boolean; anew: boolean },
) {
  const object = targetOf(field)
  const filters = [...narrowing(field, record), ...(anew ? inUse(object) : [])]
  const text = q.trim()
  return useQuery({
    queryKey: ['records', object, 'candidates', text, filters],
    queryFn: ({ signal }): Promise<Candidate[]> =>
      text === '' ? read(object, filters, signal) : search(text, { object, filter: all(filters), signal }),
    enabled: enabled && object !== '',
    placeholderData: keepPreviousData,
    staleTime: 15_000,
  })
}

/** Titles for bare ids, which is what saved filters hold. */
export function useTitles(object: string, ids: string[]) {
  const wanted = ids.filter((id) => id !== selfWords.user && id !== selfWords.department)
  return useQuery({
    queryKey: ['records', object, 'titles', wanted],
    queryFn: async ({ signal }) =>
      new Map((await read(object, [['id', 'in', wanted]], signal, 200)).map((c) => [c.id, c.title])),
    enabled: object !== '' && wanted.length > 0,
    staleTime: 5 * 60_000,
  })
}
