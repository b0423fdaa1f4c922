/** What became of opportunities over some days, from the history of their stages. */
import type { RecordData, Ref } from '@/api/types'
import { asRef } from '@/fields/shared/values'

export const moveKinds = ['won', 'lost', 'forward', 'back', 'new', 'other'] as const
export type MoveKind = (typeof moveKinds)[number]

export interface Move {
  deal: Ref
  kind: MoveKind
  from: string | null
  to: string | null
  /** Exact; null where it is nothing to read. */
  amount: string | null
  /** That of the amount; null where it is not known. */
  currency: string | null
  at: string
}

/** What is asked of a change of stage; amounts only where they may be read. */
export const moveFields = (amount: boolean): string[] => [
  'opportunity',
  'from_stage',
  'from_stage.sort_order',
  'from_stage.kind',
  'from_stage.pipeline',
  'to_stage',
  'to_stage.sort_order',
  'to_stage.kind',
  'to_stage.pipeline',
  'changed_at',
  ...(amount ? ['opportunity.amount', 'opportunity.currency'] : []),
]

function kindOf(first: RecordData, last: RecordData): MoveKind | undefined {
  const [from, to] = [asRef(first.from_stage), asRef(last.to_stage)]
  const kind = last['to_stage.kind']
  if (kind === 'won' || kind === 'lost') return first['from_stage.kind'] === kind ? undefined : kind
  if (!from) return 'new'
  // Open again after it was won or lost.
  if (first['from_stage.kind'] !== 'open') return 'back'
  if (from.id === to?.id) return undefined
  if (asRef(first['from_stage.pipeline'])?.id !== asRef(last['to_stage.pipeline'])?.id) return 'other'
  return Number(last['to_stage.sort_order'] ?? 0) > Number(first['from_stage.sort_order'] ?? 0)
    ? 'forward'
    : 'back'
}

/** One line for each opportunity: from where it stood before to where it stands now. `rows` come newest first. */
export function netMoves(rows: readonly RecordData[]): Move[] {
  const byDeal = new Map<string, RecordData[]>()
  for (const row of rows) {
    const deal = asRef(row.opportunity)
    if (deal) byDeal.set(deal.id, [...(byDeal.get(deal.id) ?? []), row])
  }
  const moves: Move[] = []
  for (const [, own] of byDeal) {
    const [last, first] = [own[0], own.at(-1)]
    const deal = asRef(last?.opportunity)
    const kind = first && last && kindOf(first, last)
    // Where it went and came back there is nothing to tell.
    if (!deal || !first || !last || !kind) continue
    const amount = last['opportunity.amount']
    const currency = last['opportunity.currency']
    moves.push({
      deal: { id: deal.id, title: deal.title ?? null },
      kind,
      from: asRef(first.from_stage)?.title ?? null,
      to: asRef(last.to_stage)?.title ?? null,
      amount: typeof amount === 'string' ? amount : null,
      currency: typeof currency === 'string' ? currency : null,
      at: String(last.changed_at ?? ''),
    })
  }
  return moves
}

const SCALE = 4
const units = (amount: string): bigint => {
  const [, sign = '', whole = '0', part = ''] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(amount.trim()) ?? []
  const all = BigInt(whole + part.slice(0, SCALE).padEnd(SCALE, '0'))
  return sign ? -all : all
}

/** Exact, as amounts are everywhere. */
export function sumOf(amounts: readonly string[]): string {
  const sum = amounts.reduce((a, b) => a + units(b), 0n)
  const digits = String(sum < 0n ? -sum : sum).padStart(SCALE + 1, '0')
  return `${sum < 0n ? '-' : ''}${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`
}

export interface MoveSum {
  kind: MoveKind
  count: number
  /** Null where no amount may be read. */
  amount: string | null
}

/** By kind, those that happened; amounts of the workspace's currency are added up. */
export const sumsOf = (moves: readonly Move[], currency: string): MoveSum[] =>
  moveKinds.flatMap((kind) => {
    const own = moves.filter((m) => m.kind === kind)
    const amounts = own.flatMap((m) =>
      m.amount === null || (m.currency ?? currency) !== currency ? [] : [m.amount],
    )
    return own.length > 0
      ? [{ kind, count: own.length, amount: amounts.length > 0 ? sumOf(amounts) : null }]
      : []
  })
