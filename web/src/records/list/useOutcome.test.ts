import { describe, expect, it } from 'vitest'
import { reasonsOf } from './useOutcome'

describe('those refused of many', () => {
  const failed = (id: string, message: string) => ({ id, code: 'x', message })
  it('are told by reason, with the names that are known', () => {
    expect(
      reasonsOf([failed('a', '已被领取'), failed('b', '冷却中'), failed('c', '已被领取')], (id) =>
        id === 'c' ? '' : id.toUpperCase(),
      ),
    ).toEqual([
      { reason: '已被领取', count: 2, names: ['A'] },
      { reason: '冷却中', count: 1, names: ['B'] },
    ])
  })
  it('are not all named where they are many', () => {
    const [line] = reasonsOf(
      Array.from({ length: 9 }, (_, i) => failed(String(i), '已达上限')),
      (id) => id,
    )
    expect(line?.count).toBe(9)
    expect(line?.names).toHaveLength(5)
  })
})
