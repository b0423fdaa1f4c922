/** Records with `parent` as a tree, and what dragging one of them means. */
import type { RecordData } from '@/api/types'
import { asRef } from '@/fields'

export interface Branch {
  record: RecordData
  children: Branch[]
}

/** From the top. One whose parent is not in sight stands at the top. */
export function branchesOf(records: readonly RecordData[]): Branch[] {
  const all = new Map<string, Branch>(records.map((record) => [record.id, { record, children: [] }]))
  const top: Branch[] = []
  for (const branch of all.values()) {
    const parent = all.get(asRef(branch.record.parent)?.id ?? '')
    if (parent && parent !== branch) parent.children.push(branch)
    else top.push(branch)
  }
  return top
}

/** A branch and all below it. */
export const within = (branch: Branch): Branch[] => [branch, ...branch.children.flatMap(within)]

/** Figures of a branch and all below it, added up. */
export const sumWithin = (branch: Branch, own: ReadonlyMap<string, number>): number =>
  within(branch).reduce((sum, b) => sum + (own.get(b.record.id) ?? 0), 0)

/** Where something can be dropped: onto a record (below it), beside one, or at the top. */
export type Spot = { at: 'in' | 'before' | 'after'; id: string } | { at: 'top' }

export const spotId = (spot: Spot): string => (spot.at === 'top' ? 'top' : `${spot.at}:${spot.id}`)

export function spotOf(id: string): Spot | undefined {
  if (id === 'top') return { at: 'top' }
  const [at, ...rest] = id.split(':')
  return at === 'in' || at === 'before' || at === 'after' ? { at, id: rest.join(':') } : undefined
}

export interface Move {
  moved: Branch
  /** Nothing: to the top. */
  parent: Branch | undefined
  /** Whether it goes below another record than before. */
  elsewhere: boolean
  /** All that then stand below the parent, in their order. */
  order: Branch[]
}

/** What dropping somewhere means; nothing where it means nothing: onto itself, below itself, to where it is. */
export function moveTo(top: Branch[], id: string, spot: Spot, ordered: boolean): Move | undefined {
  const all = top.flatMap(within)
  const find = (wanted: string) => all.find((b) => b.record.id === wanted)
  const above = (wanted: string) => all.find((b) => b.children.some((c) => c.record.id === wanted))
  const moved = find(id)
  if (!moved) return undefined
  const target = spot.at === 'top' ? undefined : find(spot.id)
  if (spot.at !== 'top' && (!target || within(moved).includes(target))) return undefined
  const parent = target && (spot.at === 'in' ? target : above(target.record.id))
  const elsewhere = above(id) !== parent
  const rest = (parent ? parent.children : top).filter((b) => b !== moved)
  if (spot.at === 'in' || spot.at === 'top' || !ordered) {
    return elsewhere ? { moved, parent, elsewhere, order: [...rest, moved] } : undefined
  }
  const index = rest.indexOf(target as Branch) + (spot.at === 'after' ? 1 : 0)
  const order = [...rest.slice(0, index), moved, ...rest.slice(index)]
  const before = parent ? parent.children : top
  if (!elsewhere && order.every((b, i) => b === before[i])) return undefined
  return { moved, parent, elsewhere, order }
}

const STEP = 10

/** New numbers for those who need one: the moved one between its neighbours, or all where there is no room between them. */
export function numbered(order: readonly Branch[], moved: Branch): Map<string, number> {
  const number = (b: Branch | undefined) => (b ? Number(b.record.sort_order ?? 0) : undefined)
  const at = order.indexOf(moved)
  const low = number(order[at - 1])
  const high = number(order[at + 1])
  const others = order.filter((b) => b !== moved)
  const rising = others.every((b, i) => i === 0 || (number(b) as number) > (number(others[i - 1]) as number))
  if (rising) {
    if (high === undefined) return new Map([[moved.record.id, low === undefined ? 0 : low + STEP]])
    if (low === undefined) return new Map([[moved.record.id, high - STEP]])
    if (high - low > 1) return new Map([[moved.record.id, low + Math.floor((high - low) / 2)]])
  }
  return new Map(
    order
      .map((b, i) => [b, (i + 1) * STEP] as const)
      .filter(([b, n]) => b === moved || number(b) !== n)
      .map(([b, n]) => [b.record.id, n]),
  )
}
