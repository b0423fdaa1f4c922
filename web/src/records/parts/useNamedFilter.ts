import { useQueries } from '@tanstack/react-query'
import { fieldAt, recordQuery, useCatalogue } from '@/api/hooks'
import type { Catalogue, FilterExpr, ObjectDef } from '@/api/types'

const LINKS = ['lookup', 'multi_lookup', 'category', 'user', 'department']
const WORDS = ['me', 'my_department']

interface Naked {
  object: string
  id: string
}

/** Bare ids of linked records in a filter that came from elsewhere (a figure on the home page, somebody's link). */
function nakedIds(
  catalogue: Catalogue,
  object: string,
  filter: FilterExpr | undefined,
  out: Map<string, Naked>,
) {
  if (!filter) return
  if (!Array.isArray(filter)) {
    const inner = 'and' in filter ? filter.and : 'or' in filter ? filter.or : [filter.not]
    for (const f of inner) nakedIds(catalogue, object, f, out)
    return
  }
  const field = fieldAt(catalogue, object, filter[0])
  if (!field?.to || !LINKS.includes(field.type)) return
  for (const v of Array.isArray(filter[2]) ? filter[2] : [filter[2]]) {
    if (typeof v === 'string' && v && !WORDS.includes(v))
      out.set(`${field.to}/${v}`, { object: field.to, id: v })
  }
}

function withTitles(
  catalogue: Catalogue,
  object: string,
  filter: FilterExpr,
  titles: Map<string, string>,
): FilterExpr {
  const again = (f: FilterExpr) => withTitles(catalogue, object, f, titles)
  if (!Array.isArray(filter)) {
    if ('and' in filter) return { and: filter.and.map(again) }
    if ('or' in filter) return { or: filter.or.map(again) }
    return { not: again(filter.not) }
  }
  const to = fieldAt(catalogue, object, filter[0])?.to
  if (!to || filter.length < 3) return filter
  const name = (v: unknown) => {
    const title = typeof v === 'string' ? titles.get(`${to}/${v}`) : undefined
    return title === undefined ? v : { id: v, title }
  }
  return [filter[0], filter[1], Array.isArray(filter[2]) ? filter[2].map(name) : name(filter[2])]
}

/** The filter with a title beside every linked id, so that chips can say whom they mean. */
export function useNamedFilter(object: ObjectDef, filter: FilterExpr | undefined): FilterExpr | undefined {
  const catalogue = useCatalogue()
  const wanted = new Map<string, Naked>()
  nakedIds(catalogue, object.name, filter, wanted)
  const asked = [...wanted.entries()].slice(0, 20)
  const titles = useQueries({
    queries: asked.map(([, { object: to, id }]) => ({ ...recordQuery(to, id), retry: false })),
    combine: (results) =>
      asked
        .map(([key, { object: to }], i) => {
          const record = results[i]?.data
          const title = catalogue.objects[to]?.title
          return [key, record && title ? String(record[title] ?? '') : ''] as const
        })
        .filter(([, title]) => title),
  })
  return filter && titles.length > 0 ? withTitles(catalogue, object.name, filter, new Map(titles)) : filter
}
