import { describe, expect, it } from 'vitest'
import type { Handover } from '@/api/handovers'
import { percentOf, receivedOf, shares, stepsOf } from './run'

const handover = (more: Partial<Handover>) =>
  ({
    state: 'done',
    undoing: false,
    total: 10,
    moved: 10,
    returned: 0,
    kept: 0,
    deactivate: false,
    ...more,
  }) as Handover

describe('a handover', () => {
  it('tells how far it is, there and back', () => {
    expect(percentOf(handover({ moved: 4 }))).toBe(40)
    // What went along was not counted before.
    expect(percentOf(handover({ moved: 14 }))).toBe(99)
    expect(percentOf(handover({ undoing: true, returned: 4, kept: 1 }))).toBe(50)
    expect(percentOf(handover({ total: 0, moved: 0 }))).toBe(0)
  })

  it('offers what its state allows', () => {
    expect(stepsOf(handover({}))).toEqual({ cancel: false, resume: false, undo: true })
    expect(stepsOf(handover({ moved: 0 })).undo).toBe(false)
    expect(stepsOf(handover({ state: 'running' }))).toEqual({ cancel: true, resume: false, undo: false })
    expect(stepsOf(handover({ state: 'cancelled' }))).toEqual({ cancel: false, resume: true, undo: true })
    expect(stepsOf(handover({ state: 'cancelled', undoing: true })).undo).toBe(false)
    expect(stepsOf(handover({ state: 'undone', undoing: true }))).toEqual({
      cancel: false,
      resume: false,
      undo: false,
    })
  })

  it('is told by object and person, without the account itself', () => {
    const to = (id: string) => ({ id, title: id })
    expect(
      receivedOf([
        { object: 'customer', to: to('a'), count: 2 },
        { object: 'customer', to: to('b'), count: 3 },
        { object: 'user', to: null, count: 1 },
      ]),
    ).toEqual([
      {
        object: 'customer',
        count: 5,
        people: [
          { id: 'b', title: 'b', count: 3 },
          { id: 'a', title: 'a', count: 2 },
        ],
      },
    ])
  })

  it('deals out in turn', () => {
    expect(shares(10, 3)).toEqual([4, 3, 3])
    expect(shares(1, 2)).toEqual([1, 0])
    expect(shares(5, 0)).toEqual([])
  })
})
