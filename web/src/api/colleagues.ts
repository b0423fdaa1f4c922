import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { currentCatalogue } from './catalogue'
import { api, listParams, recordPath } from './client'
import { keys } from './queryClient'
import { search } from './resources'
import type { FilterExpr, RecordPage } from './types'

/** Somebody who can be mentioned, and how: by his name, or by his login where several bear the name. */
export interface Colleague {
  id: string
  name: string
  word: string
}

const MOST = 8
const inUse: FilterExpr = ['active', '=', true]

async function users(filter: FilterExpr, limit: number, signal?: AbortSignal) {
  const page = await api.get<RecordPage>(recordPath('user'), {
    query: listParams({ filter, fields: ['name', 'login'], sort: 'name', limit }),
    signal,
  })
  return page.items.map((u) => ({ id: u.id, name: String(u.name ?? ''), login: String(u.login ?? '') }))
}

/** What the search finds, pinyin and initials too; everybody who bears one of the names says whether it is the only one. */
async function colleagues(q: string, signal: AbortSignal): Promise<Colleague[]> {
  const found =
    q === ''
      ? await users(inUse, MOST, signal)
      : (await search(q, { object: 'user', filter: inUse, limit: MOST, signal })).map((hit) => ({
          id: hit.id,
          name: hit.title,
        }))
  const names = [...new Set(found.map((u) => u.name))]
  if (names.length === 0) return []
  const bearers = await users(['name', 'in', names], 200, signal)
  return found.map(({ id, name }) => {
    const same = bearers.filter((b) => b.name === name)
    const login = same.find((b) => b.id === id)?.login
    return { id, name, word: same.length > 1 && login ? login : name }
  })
}

/** Pass text that is settled; null while nobody is asked for. */
export function useColleagues(q: string | null) {
  const known = currentCatalogue()?.objects.user !== undefined
  return useQuery({
    queryKey: [...keys.object('user'), 'mention', q ?? ''],
    queryFn: ({ signal }) => colleagues(q ?? '', signal),
    enabled: q !== null && known,
    placeholderData: (before) => (q === null ? undefined : keepPreviousData(before)),
    staleTime: 60_000,
  })
}
