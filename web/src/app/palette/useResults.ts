import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { useRecent, useSearch } from '@/api/resources'
import type { SearchHit } from '@/api/types'
import { type Command, useAllCommands } from '@/ui/commands'
import { matchesText } from '@/ui/pinyin'
import { useLabel } from '@/ui/useLabel'

interface Base {
  key: string
  title: string
  icon?: string
  sub?: string
  tail?: string
}
export type Entry =
  | (Base & { kind: 'record'; object: string; id: string })
  | (Base & { kind: 'command'; command: Command })

export interface Group {
  key: string
  title: string
  entries: Entry[]
}

const order = ['here', 'create', 'go', 'settings'] as const

/** Records first, then commands; with nothing typed what was opened lately and what the current page offers. */
export function useResults(query: string): { groups: Group[]; searching: boolean; error: unknown } {
  const { t } = useTranslation()
  const label = useLabel()
  const { objects } = useCatalogue()
  const commands = useAllCommands()
  const q = query.trim()
  // A single Latin letter or digit matches half the workspace; one Chinese character may well be a surname.
  const worth = q.length > 1 || /[一-鿿]/.test(q)
  const found = useSearch(q, { limit: 20, enabled: worth })
  const recent = useRecent(8)

  // Until the answer is here, only those hits of the query before stay that fit this one as well: Enter must never open what
  // the viewer no longer asks for.
  const stale = found.isPlaceholderData
  const hits = useMemo(
    () => (found.data ?? []).filter((h) => !stale || matchesText(q, h.title, h.subtitle)),
    [found.data, stale, q],
  )

  const groups = useMemo(() => {
    const out: Group[] = []
    const record = (hit: Pick<SearchHit, 'object' | 'id' | 'title'> & Partial<SearchHit>): Entry => {
      const object = objects[hit.object]
      // The title shows what matched by itself; another field is worth naming.
      const field = hit.matched && hit.matched !== object?.title ? object?.fields[hit.matched] : undefined
      return {
        kind: 'record',
        key: `${hit.object}/${hit.id}`,
        object: hit.object,
        id: hit.id,
        title: hit.title,
        icon: object?.icon,
        sub: hit.subtitle ?? (field && t('palette.matched', { field: label(field.label) })),
        tail: label(object?.label, hit.object),
      }
    }
    if (q === '') {
      const lately = (recent.data ?? []).map(record)
      if (lately.length > 0) out.push({ key: 'recent', title: t('palette.recent'), entries: lately })
    } else if (worth && hits.length > 0) {
      out.push({ key: 'records', title: t('palette.records'), entries: hits.map(record) })
    }
    for (const group of order) {
      if (q === '' && group === 'settings') continue
      const entries = commands
        .filter((c) => c.group === group && matchesText(q, c.title, ...(c.words?.split(' ') ?? []), c.words))
        .map(
          (command): Entry => ({
            kind: 'command',
            key: command.id,
            command,
            title: command.title,
            icon: command.icon,
            tail: command.shortcut,
          }),
        )
      if (entries.length > 0) out.push({ key: group, title: t(`palette.${group}`), entries })
    }
    return out
  }, [q, worth, hits, recent.data, commands, objects, label, t])

  return { groups, searching: worth && found.isFetching, error: worth ? found.error : null }
}
