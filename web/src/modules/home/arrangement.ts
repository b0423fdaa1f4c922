/** Which cards stand on somebody's desk, in what order and how wide: kept as one preference, changed by these functions only. */

export const widths = ['narrow', 'wide'] as const
export type Width = (typeof widths)[number]

/** A card on a desk. What another version of the page keeps beside these stays in it. */
export interface Placed {
  card: string
  width?: unknown
  [more: string]: unknown
}

/** The key of the preference. */
export const KEPT_AS = 'desk'
/** No desk has more; what was put there by something else than this page stays bounded. */
const MOST = 100

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isPlaced = (value: unknown): value is Placed =>
  isObject(value) && typeof value.card === 'string' && value.card !== ''

/**
 * What was kept, or undefined where nothing of it can be understood. Cards that this page does not know stay in it: a newer or
 * an older one may. Each card stands once, the first time counts.
 */
export function read(kept: unknown): Placed[] | undefined {
  if (!isObject(kept) || !Array.isArray(kept.cards)) return undefined
  const seen = new Set<string>()
  const placed = kept.cards.filter(isPlaced).filter(({ card }) => !seen.has(card) && seen.add(card))
  // An empty desk is somebody's wish; one of which nothing can be read is not.
  return placed.length === 0 && kept.cards.length > 0 ? undefined : placed.slice(0, MOST)
}

/** What to keep; whatever stood beside the cards stays there. */
export const written = (kept: unknown, placed: Placed[]): Record<string, unknown> => ({
  ...(isObject(kept) ? kept : {}),
  cards: placed,
})

export const widthOf = (placed: Placed, usual: Width): Width =>
  widths.find((w) => w === placed.width) ?? usual

export const add = (placed: Placed[], card: string): Placed[] =>
  placed.some((p) => p.card === card) ? placed : [...placed, { card }]

export const remove = (placed: Placed[], card: string): Placed[] => placed.filter((p) => p.card !== card)

export const resize = (placed: Placed[], card: string, width: Width): Placed[] =>
  placed.map((p) => (p.card === card ? { ...p, width } : p))

/**
 * Puts a card where another one stands. Only `shown` cards count as places; those between them that are not shown keep their
 * neighbours.
 */
export function moveTo(placed: Placed[], shown: readonly string[], card: string, place: number): Placed[] {
  const own = placed.find((p) => p.card === card)
  const from = shown.indexOf(card)
  const to = Math.max(0, Math.min(shown.length - 1, place))
  if (!own || from < 0 || to === from) return placed
  const rest = placed.filter((p) => p !== own)
  const at = rest.findIndex((p) => p.card === shown[to])
  const cut = to > from ? at + 1 : at
  return [...rest.slice(0, cut), own, ...rest.slice(cut)]
}

/**
 * How many columns each card takes. A card that finds no room in its row begins the next one, and the last of the row it left
 * takes the columns that remain, so that there is no hole between cards; only the last row may end early.
 */
export function spansOf(wanted: readonly number[], columns: number): number[] {
  const spans: number[] = []
  let left = columns
  for (const want of wanted) {
    const span = Math.max(1, Math.min(want, columns))
    if (span > left) {
      const last = spans.length - 1
      if (left > 0 && last >= 0) spans[last] = (spans[last] ?? 1) + left
      left = columns
    }
    spans.push(span)
    left -= span
    if (left === 0) left = columns
  }
  return spans
}
