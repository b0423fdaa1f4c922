import { useMemo } from 'react'
import { useCatalogue } from '@/api/catalogue'
import { useCircles } from '@/api/people'
import { usePreference } from '@/api/session'
import { KEPT_AS, type Placed, read, widthOf, written } from './arrangement'
import type { CardDef, Place, ShownCard } from './card'
import { cards, usual } from './registry'

export interface Desk {
  /** With what is not shown to him here and now. */
  placed: Placed[]
  shown: ShownCard[]
  /** What he could put there. */
  offered: CardDef[]
  /** Nothing has been arranged. */
  untouched: boolean
  keep(placed: Placed[]): void
  /** Back to the usual desk; answers what brings the former one back. */
  reset(): () => void
}

export function usePlace(): Place {
  const { objects } = useCatalogue()
  const circles = useCircles()
  const customer = objects.customer !== undefined
  const people = customer ? circles && circles.length > 0 : false
  return useMemo(() => ({ objects, people }), [objects, people])
}

/** The viewer's desk as it is to be shown, and the ways to change it. Kept on the server, the same in every browser. */
export function useDesk(leads: boolean): Desk {
  const at = usePlace()
  const [kept, keep] = usePreference<unknown>(KEPT_AS, null)
  return useMemo(() => {
    const own = read(kept)
    const placed = own ?? usual(leads)
    const fitting = new Map(cards.filter((c) => c.fits(at)).map((c) => [c.id as string, c]))
    const shown = placed.flatMap((p): ShownCard[] => {
      const def = fitting.get(p.card)
      return def ? [{ def, placed: p, width: widthOf(p, def.width) }] : []
    })
    const there = new Set(placed.map((p) => p.card))
    return {
      placed,
      shown,
      offered: [...fitting.values()].filter((c) => !there.has(c.id)),
      untouched: own === undefined,
      keep: (next) => keep(written(kept, next)),
      reset: () => {
        keep(null)
        return () => keep(kept)
      },
    }
  }, [at, kept, keep, leads])
}
