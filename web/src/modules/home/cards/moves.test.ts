import { describe, expect, it } from 'vitest'
import type { RecordData } from '@/api/types'
import { moveFields, netMoves, sumOf, sumsOf } from './moves'

const stages: Record<string, { order: number; kind: string; pipeline?: string }> = {
  contact: { order: 1, kind: 'open' },
  offer: { order: 2, kind: 'open' },
  deal: { order: 3, kind: 'open' },
  won: { order: 4, kind: 'won' },
  lost: { order: 5, kind: 'lost' },
  retail: { order: 1, kind: 'open', pipeline: 'shop' },
}

let n = 0
const side = (name: string, stage: string | null) => {
  const s = stage === null ? undefined : stages[stage]
  return {
    [`${name}_stage`]: stage && { id: stage, title: stage },
    [`${name}_stage.sort_order`]: s?.order ?? null,
    [`${name}_stage.kind`]: s?.kind ?? null,
    [`${name}_stage.pipeline`]: s ? { id: s.pipeline ?? 'std', title: 'p' } : null,
  }
}
const change = (
  deal: string,
  from: string | null,
  to: string,
  amount: string | null = '100.00',
): RecordData => ({
  id: `c${n++}`,
  version: 1,
  opportunity: { id: deal, title: deal.toUpperCase() },
  ...side('from', from),
  ...side('to', to),
  changed_at: '2026-11-20T09:00:00Z',
  ...(amount === null ? {} : { 'opportunity.amount': amount }),
})
/** As the server sends them: newest first. */
const kinds = (...oldestFirst: RecordData[]) => netMoves([...oldestFirst].reverse()).map((m) => m.kind)

describe('an opportunity over the week', () => {
  it('went forward or back as its stages stand in their order', () => {
    expect(kinds(change('a', 'contact', 'offer'))).toEqual(['forward'])
    expect(kinds(change('a', 'deal', 'offer'))).toEqual(['back'])
  })
  it('is one line from where it was to where it is', () => {
    const [move, ...more] = netMoves([change('a', 'deal', 'won'), change('a', 'contact', 'deal')])
    expect(more).toEqual([])
    expect(move).toMatchObject({ kind: 'won', from: 'contact', to: 'won', amount: '100.00' })
  })
  it('that went and came back is not told', () => {
    expect(kinds(change('a', 'contact', 'offer'), change('a', 'offer', 'contact'))).toEqual([])
    expect(kinds(change('a', 'lost', 'offer'), change('a', 'offer', 'lost'))).toEqual([])
  })
  it('is new, won or lost at once, or open again', () => {
    expect(kinds(change('a', null, 'contact'))).toEqual(['new'])
    expect(kinds(change('a', null, 'contact'), change('a', 'contact', 'lost'))).toEqual(['lost'])
    expect(kinds(change('a', 'won', 'deal'))).toEqual(['back'])
  })
  it('in another pipeline went neither forward nor back', () => {
    expect(kinds(change('a', 'deal', 'retail'))).toEqual(['other'])
  })
  it('without a readable title or opportunity does no harm', () => {
    expect(
      netMoves([
        { id: 'x', version: 1 },
        { ...change('a', 'contact', 'offer'), opportunity: null },
      ]),
    ).toEqual([])
  })
})

describe('sums', () => {
  it('are exact, whatever their size', () => {
    expect(sumOf(['0.1', '0.2'])).toBe('0.3000')
    expect(sumOf(['99999999999999.9999', '0.0001'])).toBe('100000000000000.0000')
    expect(sumOf(['-5', '2.5'])).toBe('-2.5000')
    expect(sumOf(['-0.0001'])).toBe('-0.0001')
    expect(sumOf([])).toBe('0.0000')
  })
  it('stand by kind, and without amounts where none may be read', () => {
    const moves = netMoves([
      change('a', 'deal', 'won', '10.50'),
      change('b', 'offer', 'won', '0.25'),
      change('c', 'contact', 'offer', null),
    ])
    expect(sumsOf(moves, 'CNY')).toEqual([
      { kind: 'won', count: 2, amount: '10.7500' },
      { kind: 'forward', count: 1, amount: null },
    ])
  })
  it('leave out what is in another currency', () => {
    const abroad = { ...change('a', 'deal', 'won', '10.50'), 'opportunity.currency': 'USD' }
    const moves = netMoves([abroad, { ...change('b', 'deal', 'won', '7'), 'opportunity.currency': 'CNY' }])
    expect(sumsOf(moves, 'CNY')).toEqual([{ kind: 'won', count: 2, amount: '7.0000' }])
    expect(sumsOf(moves, 'USD')).toEqual([{ kind: 'won', count: 2, amount: '10.5000' }])
  })
  it('ask for amounts only where they may be read', () => {
    expect(moveFields(false)).not.toContain('opportunity.amount')
    expect(moveFields(true)).toContain('opportunity.amount')
  })
})
