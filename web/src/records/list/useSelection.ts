import { useCallback, useMemo, useRef, useState } from 'react'
import type { RecordData } from '@/api/types'

export interface Selection {
  ids: ReadonlySet<string>
  /** With `range`, everything between this line and the one toggled before. */
  toggle(id: string, line: number, range: boolean, recordAt: (line: number) => RecordData | undefined): void
  set(ids: string[]): void
  clear(): void
}

/** The server takes at most this many at once. */
export const MAX_BULK = 1000

export function useSelection(): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const anchor = useRef<number | null>(null)
  const toggle = useCallback<Selection['toggle']>((id, line, range, recordAt) => {
    const from = anchor.current
    anchor.current = line
    setIds((old) => {
      const next = new Set(old)
      const on = !old.has(id)
      const put = (one: string) => (on ? next.add(one) : next.delete(one))
      put(id)
      if (range && from !== null) {
        for (let at = Math.min(from, line); at <= Math.max(from, line); at++) {
          const other = recordAt(at)
          if (other) put(other.id)
        }
      }
      return next
    })
  }, [])
  const set = useCallback((list: string[]) => setIds(new Set(list)), [])
  const clear = useCallback(() => {
    anchor.current = null
    setIds(new Set())
  }, [])
  return useMemo(() => ({ ids, toggle, set, clear }), [ids, toggle, set, clear])
}
