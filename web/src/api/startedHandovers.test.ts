import { beforeEach, describe, expect, it } from 'vitest'
import { keys, queryClient } from './queryClient'
import { isWatched, noteSeen, noteStarted, startedHandovers, watchHandover } from './startedHandovers'

const signIn = (id: string) => queryClient.setQueryData(keys.session, { user: { id }, preferences: {} })

beforeEach(() => {
  localStorage.clear()
  signIn('li')
})

describe('handovers whose end has not been seen', () => {
  it('are kept until it is, and each once', () => {
    noteStarted('a')
    noteStarted('b')
    noteStarted('a')
    expect(startedHandovers()).toEqual(['a', 'b'])
    noteSeen('a')
    noteSeen('never')
    expect(startedHandovers()).toEqual(['b'])
    noteSeen('b')
    expect(localStorage.length).toBe(0)
  })
  it("are nobody else's", () => {
    noteStarted('a')
    signIn('wang')
    expect(startedHandovers()).toEqual([])
  })
  it('are watched as long as one of their pages is open', () => {
    const [one, two] = [watchHandover('a'), watchHandover('a')]
    one()
    expect(isWatched('a')).toBe(true)
    two()
    expect(isWatched('a')).toBe(false)
  })
})
