import { useQuery } from '@tanstack/react-query'
import { useMay, useObject } from './catalogue'
import { api, listParams, recordPath } from './client'
import { keys } from './queryClient'
import { useAggregate } from './records'
import type { Scope, UserRights } from './roles'
import { useViewer } from './session'
import type { FilterExpr, RecordData, RecordPage } from './types'

/** More people than this are not compared on one page. */
export const MOST_PEOPLE = 500

const order: Scope[] = ['none', 'own', 'department', 'below', 'chosen', 'all']

/** Whose customers the viewer sees by his roles, at the widest. */
export function widest(rights: Pick<UserRights, 'objects'>): Scope {
  const given = Object.values(rights.objects.customer?.read ?? {})
  return given.reduce<Scope>((a, b) => (order.indexOf(b) > order.indexOf(a) ? b : a), 'none')
}

/** How far the viewer's own rights reach; administrators see all. */
function useScope(enabled: boolean): { scope: Scope | undefined } {
  const administers = useMay('administer')
  const { id } = useViewer()
  const rights = useQuery({
    queryKey: [...keys.userRights(id), 'widest'],
    queryFn: async ({ signal }) =>
      widest(
        await api.get<UserRights>(`/users/${encodeURIComponent(id)}/rights`, {
          // Nobody waits for what is not shown: counting what somebody sees takes a look at everything.
          query: { counts: false },
          signal,
        }),
      ),
    enabled: enabled && !administers && id !== '',
    staleTime: Number.POSITIVE_INFINITY,
  })
  return { scope: administers ? 'all' : rights.data }
}

/** How many report to the viewer, and how many departments he heads; undefined until it is known. */
function useLeads() {
  const user = useObject('user')
  const department = useObject('department')
  const asked = { measures: [{ fn: 'count' as const }], filter: ['manager', '=', 'me'] as FilterExpr }
  const mine = user?.fields.manager !== undefined
  const heads = department?.fields.manager !== undefined
  const reports = useAggregate('user', asked, { enabled: mine })
  const headed = useAggregate('department', asked, { enabled: heads })
  const count = (there: boolean, rows: typeof reports) =>
    there ? (rows.isError ? 0 : rows.data && Number(rows.data[0]?.count ?? 0)) : 0
  const [a, b] = [count(mine, reports), count(heads, headed)]
  return a === undefined || b === undefined ? undefined : a + b
}

const wide = (scope: Scope | undefined) => scope !== undefined && scope !== 'none' && scope !== 'own'

/** Somebody's superior, the head of a department, or who sees more customers than his own. */
export function useHasPeople(): boolean {
  const customer = useObject('customer') !== undefined
  const leads = useLeads()
  const { scope } = useScope(customer && leads === 0)
  return customer && ((leads ?? 0) > 0 || wide(scope))
}

export type Circle = 'mine' | 'near' | 'all'

/** Which people the viewer may look at here: those he leads, else those of his departments; everybody if he sees all. */
export function useCircles(): Circle[] | undefined {
  const leads = useLeads()
  const { scope } = useScope(true)
  if (leads === undefined || scope === undefined) return undefined
  const own: Circle[] = leads > 0 ? ['mine'] : []
  if (scope === 'all') return [...own, 'all']
  return own.length > 0 ? own : wide(scope) ? ['near'] : []
}

async function read(object: string, filter: FilterExpr, fields: string[], signal: AbortSignal) {
  const all: RecordData[] = []
  let cursor: string | null = null
  do {
    const page: RecordPage = await api.get<RecordPage>(recordPath(object), {
      query: { ...listParams({ filter, fields, sort: 'name', limit: 200 }), cursor },
      signal,
    })
    all.push(...page.items)
    cursor = page.next
  } while (cursor && all.length < MOST_PEOPLE)
  return { items: all.slice(0, MOST_PEOPLE), more: cursor !== null || all.length > MOST_PEOPLE }
}

/** Direct reports, and whoever belongs to a department that he heads or to one below it. */
export function ledBy(headed: string[]): FilterExpr {
  return {
    or: [
      ['manager', '=', 'me'],
      ...headed.map((id): FilterExpr => ['department', 'under', id]),
      ...headed.map((id): FilterExpr => ['other_departments', 'contains', id]),
    ],
  }
}

export function usePeople(circle: Circle | undefined) {
  const { id } = useViewer()
  const { scope } = useScope(circle === 'near')
  return useQuery({
    queryKey: [...keys.object('user'), 'people', circle, scope, id],
    queryFn: async ({ signal }) => {
      const who: FilterExpr[] = [
        ['active', '=', true],
        ['id', '!=', id],
      ]
      if (circle === 'mine') {
        const headed = await read('department', ['manager', '=', 'me'], ['name'], signal)
        who.push(ledBy(headed.items.slice(0, 50).map((d) => d.id)))
      } else if (circle === 'near') {
        who.push(['department', scope === 'department' ? '=' : 'under', 'my_department'])
      }
      return read('user', { and: who }, ['name', 'department', 'position'], signal)
    },
    enabled: circle !== undefined && (circle !== 'near' || scope !== undefined),
  })
}
