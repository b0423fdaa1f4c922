import { expect, it } from 'vitest'
import { placeFor } from './arrange/keys'
import { nextLine } from './useDeskKeys'

/** Three lines in card 0, none in card 1, two in card 2. */
const cards = [0, 0, 0, 2, 2]

it('j and k go from line to line through the cards and stop at both ends', () => {
  expect(nextLine('j', -1, cards)).toBe(0)
  expect(nextLine('j', 2, cards)).toBe(3)
  expect(nextLine('ArrowDown', 4, cards)).toBe(4)
  expect(nextLine('k', 3, cards)).toBe(2)
  expect(nextLine('ArrowUp', 0, cards)).toBe(0)
})
it('left and right go to the first line of the card beside, past those without lines', () => {
  expect(nextLine('ArrowRight', 1, cards)).toBe(3)
  expect(nextLine('ArrowLeft', 4, cards)).toBe(0)
  expect(nextLine('ArrowRight', 3, cards)).toBeNull()
  expect(nextLine('ArrowLeft', 0, cards)).toBeNull()
})
it('other keys, and a desk without lines, are left alone', () => {
  expect(nextLine('x', 1, cards)).toBeNull()
  expect(nextLine('j', -1, [])).toBeNull()
  expect(nextLine('ArrowRight', -1, cards)).toBeNull()
})
it('arrows take a card on or back, Home and End to the ends', () => {
  expect(placeFor('ArrowLeft', 3, 5)).toBe(2)
  expect(placeFor('ArrowDown', 3, 5)).toBe(4)
  expect(placeFor('Home', 3, 5)).toBe(0)
  expect(placeFor('End', 3, 5)).toBe(4)
  expect(placeFor('j', 3, 5)).toBeNull()
})
