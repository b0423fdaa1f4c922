import { useQuery } from '@tanstack/react-query'
import { useMay } from './catalogue'
import { api, listParams, recordPath } from './client'
import { keys, queryClient } from './queryClient'
import { type Scope, scopes, type UserRights } from './roles'
import { useViewer } from './session'
import type { Measure } from './targets'
import type { FilterExpr, RecordData, RecordPage } from './types'

/** More people than this no grid holds. */
export const MOST_LINES = 5000

export interface GridAsked {
  year: number
  measure: Measure
  product: string | undefined
}

export interface GridData {
  records: RecordData[]
  users: RecordData[]
  departments: RecordData[]
  more: boolean
}

async function all(
  object: string,
  filter: FilterExpr | undefined,
  sort: string,
  signal: AbortSignal,
  fields?: string[],
) {
  const items: RecordData[] = []
  let cursor: string | null = null
  do {
    const page: RecordPage = await api.get<RecordPage>(recordPath(object), {
      query: { ...listParams({ filter, sort, limit: 200, fields }), cursor },
      signal,
    })
    items.push(...page.items)
    cursor = page.next
  } while (cursor && items.length < MOST_LINES)
  return { items, more: cursor !== null }
}

/** Whose targets the viewer may set, at the widest; undefined until it is known. */
export function useReach(enabled: boolean): Scope | undefined {
  const administers = useMay('administer')
  const { id } = useViewer()
  const rights = useQuery({
    queryKey: [...keys.userRights(id), 'targets'],
    queryFn: async ({ signal }) => {
      const own = await api.get<UserRights>(`/users/${encodeURIComponent(id)}/rights`, { signal })
      const given = Object.values(own.objects.target?.update ?? {})
      return given.reduce<Scope>((a, b) => (scopes.indexOf(b) > scopes.indexOf(a) ? b : a), 'none')
    },
    enabled: enabled && !administers && id !== '',
  })
  // Where it cannot be learnt everybody is shown; the server refuses what is not his.
  return administers || rights.isError ? 'all' : rights.data
}

const filterOf = ({ year, measure, product }: GridAsked): FilterExpr => ({
  and: [
    ['year', '=', year],
    ['measure', '=', measure],
    product ? ['product', '=', product] : ['product', 'is_null'],
  ],
})

/** Targets of a year, and everybody for whom there could be one. It stands with the targets' aggregates, so live changes reach it. */
const gridKey = (asked: GridAsked, reach: Scope | undefined) =>
  keys.aggregate('target', { grid: asked, reach })

export function useTargetGrid(asked: GridAsked, reach: Scope | undefined, enabled: boolean) {
  const { id } = useViewer()
  return useQuery({
    queryKey: gridKey(asked, reach),
    queryFn: async ({ signal }): Promise<GridData> => {
      const narrow = reach === 'department' ? '=' : reach === 'below' ? 'under' : undefined
      const near: FilterExpr[] = narrow ? [['department', narrow, 'my_department']] : []
      const own: FilterExpr[] = reach === 'own' ? [['id', '=', id]] : []
      const [records, users, departments] = await Promise.all([
        all('target', filterOf(asked), 'name', signal),
        all('user', { and: [['active', '=', true], ...near, ...own] }, 'name', signal, [
          'name',
          'department',
        ]),
        all('department', undefined, 'sort_order,name', signal, ['name', 'parent', 'manager', 'sort_order']),
      ])
      // Whoever has a target stays to be seen, even when he works here no more.
      const known = new Set(users.items.map((u) => u.id))
      const gone = records.items.flatMap((r) => {
        const owner = r.owner as { id: string; title: string | null } | null
        return r.level === 'person' && owner && !known.has(owner.id)
          ? [{ id: owner.id, version: 0, name: owner.title ?? '', department: r.department }]
          : []
      })
      return {
        records: records.items,
        users: [...users.items, ...gone],
        departments: departments.items,
        more: users.more || records.more,
      }
    },
    enabled: enabled && reach !== undefined,
  })
}

/** What was saved stands in the grid at once. */
export async function keepSaved(record: RecordData) {
  for (const [key, data] of queryClient.getQueriesData<GridData>({ queryKey: keys.aggregates('target') })) {
    if (!data || !('departments' in data)) continue
    const asked = (key[3] as { grid?: GridAsked } | undefined)?.grid
    const product = (record.product as { id: string } | null)?.id
    if (asked?.year !== record.year || asked?.measure !== record.measure || asked?.product !== product)
      continue
    await queryClient.cancelQueries({ queryKey: key })
    queryClient.setQueryData<GridData>(key, {
      ...data,
      records: [...data.records.filter((r) => r.id !== record.id), record],
    })
  }
  void queryClient.invalidateQueries({ queryKey: keys.allFigures })
  void queryClient.invalidateQueries({ queryKey: keys.lists('target') })
}

/** The target of a subject that somebody else has just set. */
export async function findTarget(
  asked: GridAsked,
  level: string,
  who: string | undefined,
): Promise<RecordData | undefined> {
  const whose: FilterExpr[] = who ? [[level === 'department' ? 'team' : 'owner', '=', who]] : []
  const filter: FilterExpr = { and: [filterOf(asked), ['level', '=', level], ...whose] }
  const page = await api.get<RecordPage>(recordPath('target'), { query: listParams({ filter, limit: 1 }) })
  return page.items[0]
}
