/** From the first offer to the last credit: which documents belong together, and in what order they are told. */
import type { RecordData, Ref } from '@/api/types'

/** In the order in which one is made from the other. A credit note is an invoice that comes after the return. */
export const STEPS = [
  'quote',
  'contract',
  'sales_order',
  'delivery',
  'invoice',
  'sales_return',
  'credit_note',
] as const
export type Step = (typeof STEPS)[number]

export interface Piece {
  object: string
  id: string
  /** Null where the viewer may not read it. */
  number: string | null
  status: string | null
  total: string | null
  currency: string | null
  /** Taken back, or replaced by a newer one. */
  over: boolean
  current: boolean
}

export interface Group {
  step: Step
  pieces: Piece[]
}

const OVER = ['replaced', 'reversed']
const text = (v: unknown) => (typeof v === 'string' ? v : null)

export const piece = (object: string, record: RecordData, here: string): Piece => ({
  object,
  id: record.id,
  number: text(record.number),
  status: text(record.status),
  total: text(record.total),
  currency: text(record.currency),
  over: OVER.includes(String(record.status)),
  current: record.id === here,
})

/** One that is named by another but cannot be read itself. */
export const named = (object: string, ref: Ref): Piece => ({
  object,
  id: ref.id,
  number: ref.title,
  status: null,
  total: null,
  currency: null,
  over: false,
  current: false,
})

const stepOf = (object: string, record: RecordData | undefined): Step | undefined =>
  object === 'invoice' && record?.kind === 'credit_note'
    ? 'credit_note'
    : STEPS.find((step) => step === object && step !== 'credit_note')

interface Found {
  object: string
  record?: RecordData
  ref?: Ref
}

/** Each document once, by step; within a step by number. Nothing where a document stands alone. */
export function groupsOf(found: Found[], here: string): Group[] {
  const by = new Map<Step, Map<string, Piece>>()
  for (const { object, record, ref } of found) {
    const step = stepOf(object, record)
    const one = record ? piece(object, record, here) : ref?.title ? named(object, ref) : undefined
    if (!step || !one) continue
    const held = by.get(step) ?? new Map<string, Piece>()
    if (record || !held.has(one.id)) held.set(one.id, one)
    by.set(step, held)
  }
  const groups = STEPS.flatMap((step) => {
    const pieces = [...(by.get(step)?.values() ?? [])]
    pieces.sort((a, b) => String(a.number).localeCompare(String(b.number)))
    return pieces.length > 0 ? [{ step, pieces }] : []
  })
  return groups.reduce((n, g) => n + g.pieces.length, 0) > 1 ? groups : []
}
