import { describe, expect, it } from 'vitest'
import { add, moveTo, read, remove, resize, spansOf, widthOf, written } from './arrangement'

const desk = (...cards: string[]) => cards.map((card) => ({ card }))
const names = (placed: { card: string }[] | undefined) => placed?.map((p) => p.card)

describe('what was kept', () => {
  it('is nothing where it cannot be understood', () => {
    for (const bad of [null, undefined, 3, 'desk', [], {}, { cards: 'all' }, { cards: [1, null, 'figures'] }])
      expect(read(bad), JSON.stringify(bad)).toBeUndefined()
  })
  it('may be an empty desk, which somebody wanted', () => {
    expect(read({ cards: [] })).toEqual([])
  })
  it('leaves out what is no card and keeps the others', () => {
    expect(names(read({ cards: [{ card: 'a' }, {}, { card: 7 }, { card: '' }, [], { card: 'b' }] }))).toEqual(
      ['a', 'b'],
    )
  })
  it('has each card once, the first time it is named', () => {
    expect(
      read({ cards: [{ card: 'a', width: 'wide' }, { card: 'b' }, { card: 'a', width: 'narrow' }] }),
    ).toEqual([{ card: 'a', width: 'wide' }, { card: 'b' }])
  })
  it('is bounded', () => {
    expect(read({ cards: Array.from({ length: 5000 }, (_, i) => ({ card: `c${i}` })) })).toHaveLength(100)
  })
  it('falls back to the usual width where it names none that is known', () => {
    expect(widthOf({ card: 'a' }, 'wide')).toBe('wide')
    expect(widthOf({ card: 'a', width: 'huge' }, 'narrow')).toBe('narrow')
    expect(widthOf({ card: 'a', width: 'wide' }, 'narrow')).toBe('wide')
  })
})

describe('what another version keeps', () => {
  const kept = {
    since: '9.0',
    cards: [{ card: 'a' }, { card: 'orders', columns: 3 }, { card: 'b', width: 'wide', tint: 'red' }],
  }
  it('goes back as it came when this one changes something', () => {
    const placed = resize(moveTo(read(kept) ?? [], ['a', 'b'], 'b', 0), 'b', 'narrow')
    expect(written(kept, placed)).toEqual({
      since: '9.0',
      cards: [{ card: 'b', width: 'narrow', tint: 'red' }, { card: 'a' }, { card: 'orders', columns: 3 }],
    })
  })
  it('stays beside its neighbour when shown cards are moved', () => {
    const placed = desk('a', 'hidden', 'b', 'c')
    expect(names(moveTo(placed, ['a', 'b', 'c'], 'c', 1))).toEqual(['a', 'hidden', 'c', 'b'])
    expect(names(moveTo(placed, ['a', 'b', 'c'], 'a', 1))).toEqual(['hidden', 'b', 'a', 'c'])
  })
  it('is not lost by taking others away', () => {
    expect(names(remove(desk('a', 'hidden', 'b'), 'a'))).toEqual(['hidden', 'b'])
  })
})

describe('moving', () => {
  const placed = desk('a', 'b', 'c', 'd')
  const shown = ['a', 'b', 'c', 'd']
  it('puts a card where another one stands', () => {
    expect(names(moveTo(placed, shown, 'a', 2))).toEqual(['b', 'c', 'a', 'd'])
    expect(names(moveTo(placed, shown, 'd', 1))).toEqual(['a', 'd', 'b', 'c'])
  })
  it('stops at both ends', () => {
    expect(moveTo(placed, shown, 'a', -1)).toBe(placed)
    expect(moveTo(placed, shown, 'd', 9)).toBe(placed)
    expect(names(moveTo(placed, shown, 'b', 99))).toEqual(['a', 'c', 'd', 'b'])
  })
  it('leaves everything as it is for a card that is not there', () => {
    expect(moveTo(placed, shown, 'x', 1)).toBe(placed)
  })
})

it('adds a card once, at the end', () => {
  const one = add(desk('a'), 'b')
  expect(names(one)).toEqual(['a', 'b'])
  expect(add(one, 'b')).toBe(one)
})

describe('columns', () => {
  it('are taken as asked where there is room', () => {
    expect(spansOf([1, 1, 1, 1, 2], 3)).toEqual([1, 1, 1, 1, 2])
  })
  it('leave no hole before a card that goes to the next row', () => {
    expect(spansOf([1, 1, 2, 1], 3)).toEqual([1, 2, 2, 1])
    expect(spansOf([2, 2, 1], 3)).toEqual([3, 2, 1])
    expect(spansOf([1, Number.POSITIVE_INFINITY, 1], 3)).toEqual([3, 3, 1])
  })
  it('are one where there is no more', () => {
    expect(spansOf([2, 1, Number.POSITIVE_INFINITY], 1)).toEqual([1, 1, 1])
  })
  it('always make full rows but for the last', () => {
    for (let seed = 1; seed < 400; seed++) {
      const wanted = Array.from({ length: seed % 9 }, (_, i) => 1 + ((seed * 31 + i * i * 7) % 3))
      for (const columns of [1, 2, 3]) {
        let row = 0
        for (const span of spansOf(wanted, columns)) {
          if (row === columns) row = 0
          row += span
          expect(row).toBeLessThanOrEqual(columns)
        }
      }
    }
  })
})
