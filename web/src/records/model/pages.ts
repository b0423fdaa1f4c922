/**
 * A list of any length over cursor paging. Cursors learnt so far and the length of each page are kept; only pages in view
 * are asked for, so a list of a million rows costs a few pages of memory, and a page scrolled back to is asked for again
 * by its own cursor.
 */
export const PAGE_SIZE = 100

export interface Chain {
  /** `cursors[i]` opens page i; the first is null. */
  cursors: (string | null)[]
  /** Rows of each page seen so far. */
  lengths: number[]
  /** The last known page has no next one. */
  complete: boolean
}

export const newChain = (): Chain => ({ cursors: [null], lengths: [], complete: false })

/** Rows to draw: known ones, and placeholders for the page that is coming. */
export function chainLength(chain: Chain, placeholders = PAGE_SIZE): number {
  const known = chain.lengths.reduce((a, b) => a + b, 0)
  const open = !chain.complete && chain.lengths.length < chain.cursors.length
  return known + (open ? placeholders : 0)
}

/** Page and place in it of a row. */
export function locate(chain: Chain, index: number): { page: number; offset: number } {
  let rest = index
  for (let page = 0; page < chain.lengths.length; page++) {
    const length = chain.lengths[page] ?? 0
    if (rest < length) return { page, offset: rest }
    rest -= length
  }
  return { page: Math.min(chain.lengths.length, chain.cursors.length - 1), offset: rest }
}

/**
 * Takes in an answer. When a page's end moved (a colleague's change), what followed it is stale: the next cursor is
 * replaced and the pages behind are learnt anew, which keeps the list without holes or doubles.
 */
export function learn(chain: Chain, page: number, length: number, next: string | null): Chain {
  if (page >= chain.cursors.length) return chain
  const sameNext = next === null ? chain.cursors.length === page + 1 : chain.cursors[page + 1] === next
  if (chain.lengths[page] === length && sameNext && (next !== null || chain.complete)) return chain
  const lengths = chain.lengths.slice()
  lengths[page] = length
  if (next === null) {
    return { cursors: chain.cursors.slice(0, page + 1), lengths: lengths.slice(0, page + 1), complete: true }
  }
  if (sameNext) return { ...chain, lengths }
  return {
    cursors: [...chain.cursors.slice(0, page + 1), next],
    lengths: lengths.slice(0, page + 1),
    complete: false,
  }
}
