import type { Handover } from '@/api/handovers'
import type { FilterExpr, ObjectDef } from '@/api/types'

export type StateWord = `state.${Handover['state']}` | `undoState.${Handover['state']}`
/** Stopped while it was taken back is not the same as stopped on the way there. */
export const stateWord = (h: Pick<Handover, 'state' | 'undoing'>): StateWord =>
  `${h.undoing ? 'undoState' : 'state'}.${h.state}`

/** How far it has come, in whole percent; full only when it has ended. */
export function percentOf(h: Pick<Handover, 'undoing' | 'total' | 'moved' | 'returned' | 'kept'>): number {
  const [done, all] = h.undoing ? [h.returned + h.kept, h.moved] : [h.moved, h.total]
  return all > 0 ? Math.min(99, Math.floor((done / all) * 100)) : 0
}

/** What can be done with a handover as it stands. */
export function stepsOf(h: Pick<Handover, 'state' | 'moved' | 'undoing' | 'deactivate'>) {
  const stopped = h.state === 'interrupted' || h.state === 'cancelled' || h.state === 'failed'
  return {
    cancel: h.state === 'running',
    resume: stopped,
    // Of what was stopped while it was taken back, going on is the same.
    undo: (h.state === 'done' || (stopped && !h.undoing)) && (h.moved > 0 || h.deactivate),
  }
}

/** Records of an object that a person now has: owned ones, or those in which he stands for something. */
export function whereStands(object: ObjectDef, person: string): FilterExpr | undefined {
  if (object.traits.includes('owned')) return ['owner', '=', person]
  if (object.fields.manager?.type === 'user') return ['manager', '=', person]
  if (object.fields.members?.type === 'multi_lookup') return ['members', 'contains', person]
  return undefined
}

export interface Received {
  object: string
  people: { id: string; title: string | null; count: number }[]
  count: number
}

/** The result by object, each with who received how many; most first. */
export function receivedOf(parts: Handover['by_object']): Received[] {
  const out = new Map<string, Received>()
  for (const { object, to, count } of parts) {
    // Without a receiver it was no record: the account itself.
    if (!to) continue
    const line = out.get(object) ?? { object, people: [], count: 0 }
    line.people.push({ id: to.id, title: to.title, count })
    line.count += count
    out.set(object, line)
  }
  for (const line of out.values()) line.people.sort((a, b) => b.count - a.count)
  return [...out.values()]
}

/** Shares of a whole that is dealt out in turn: the first get one more. */
export function shares(count: number, people: number): number[] {
  if (people <= 0) return []
  const each = Math.floor(count / people)
  return Array.from({ length: people }, (_, i) => each + (i < count % people ? 1 : 0))
}
