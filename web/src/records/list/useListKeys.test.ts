import { describe, expect, it } from 'vitest'
import { nextCursor } from './useListKeys'

describe('keys of a list', () => {
  const at = { line: 5, column: 2 }
  const go = (key: string, from: typeof at | null = at) => nextCursor(key, from, 10, 4, 3)
  it('moves by line, column and page, and stays inside', () => {
    expect(go('j')).toEqual({ line: 6, column: 2 })
    expect(go('ArrowUp')).toEqual({ line: 4, column: 2 })
    expect(go('ArrowRight')).toEqual({ line: 5, column: 3 })
    expect(go('PageDown')).toEqual({ line: 8, column: 2 })
    expect(go('End')).toEqual({ line: 9, column: 2 })
    expect(go('j', { line: 9, column: 0 })).toEqual({ line: 9, column: 0 })
  })
  it('starts at the top', () => {
    expect(go('j', null)).toEqual({ line: 0, column: 0 })
    expect(go('ArrowLeft', null)).toEqual({ line: 0, column: 0 })
  })
  it('leaves other keys and empty lists alone', () => {
    expect(go('a')).toBeNull()
    expect(nextCursor('j', null, 0, 4, 3)).toBeNull()
  })
})
