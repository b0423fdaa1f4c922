/** Who hangs together with a customer, and where each of them stands in the picture. */
import type { FieldDef, Lang, RecordData, Ref } from '@/api/types'
import { asRef, optionLabel } from '@/fields/shared/values'

/** So many are drawn; the others are counted. */
export const MOST = 60

export type TieKind = 'parent' | 'subsidiary' | 'link' | 'contact'

export interface Tie {
  key: string
  kind: TieKind
  object: 'customer' | 'contact'
  id: string
  /** Null where the viewer may not read it. */
  title: string | null
  /** What ties it, where the kind does not say it all: partners, referral; the part of a contact. */
  words: string[]
}

interface Found {
  parent: unknown
  subsidiaries: RecordData[]
  /** Links that name this customer first, and those that name it second. */
  outward: RecordData[]
  inward: RecordData[]
  contacts: RecordData[]
}

/** Everybody once: who is tied in several ways has several words, and the parent stays the parent. */
export function tiesOf(found: Found, fields: { link?: FieldDef; role?: FieldDef }, lang: Lang): Tie[] {
  const ties = new Map<string, Tie>()
  const add = (kind: TieKind, ref: Ref | undefined, word = '') => {
    if (!ref) return
    const object = kind === 'contact' ? 'contact' : 'customer'
    const key = `${object}/${ref.id}`
    const tie = ties.get(key) ?? { key, kind, object, id: ref.id, title: ref.title, words: [] }
    if (word && !tie.words.includes(word)) tie.words.push(word)
    ties.set(key, tie)
  }
  const named = (r: RecordData): Ref => ({ id: r.id, title: typeof r.name === 'string' ? r.name : null })
  const option = (field: FieldDef | undefined, value: unknown) =>
    field && typeof value === 'string' ? optionLabel(field, value, lang) : ''
  add('parent', asRef(found.parent))
  for (const r of found.subsidiaries) add('subsidiary', named(r))
  for (const r of found.outward) add('link', asRef(r.other), option(fields.link, r.kind))
  for (const r of found.inward) add('link', asRef(r.customer), option(fields.link, r.kind))
  for (const r of found.contacts) add('contact', named(r), option(fields.role, r.role))
  return [...ties.values()]
}

/** The first of every kind in turn, so that many contacts do not crowd out the parent and the partners. */
export function choose(ties: readonly Tie[], most = MOST): Tie[] {
  if (ties.length <= most) return [...ties]
  const waiting = (['parent', 'subsidiary', 'link', 'contact'] as const).map((kind) =>
    ties.filter((t) => t.kind === kind),
  )
  const chosen = new Set<Tie>()
  for (let round = 0; chosen.size < most; round++) {
    for (const row of waiting) {
      const next = row[round]
      if (next && chosen.size < most) chosen.add(next)
    }
  }
  return ties.filter((t) => chosen.has(t))
}

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export interface Picture {
  width: number
  height: number
  center: Box
  nodes: { tie: Tie; box: Box; path: string }[]
}

const HEIGHT = 40
const STEP = 48
/** Below this width both sides would have no room for names. */
const ONE_SIDED = 560

/** Companies on the left, people on the right, the customer between them; on a phone all below it. */
export function draw(ties: readonly Tie[], width: number): Picture {
  if (width < ONE_SIDED) {
    const center = { x: 0, y: 1, width: Math.min(width - 2, 280), height: HEIGHT }
    const nodes = ties.map((tie, i) => {
      const box = { x: 28, y: 1 + (i + 1) * STEP, width: width - 30, height: HEIGHT }
      return { tie, box, path: `M12 ${HEIGHT + 1}V${box.y + HEIGHT / 2}H${box.x}` }
    })
    return { width, height: (ties.length + 1) * STEP, center, nodes }
  }
  const left = ties.filter((t) => t.object === 'customer')
  const right = ties.filter((t) => t.object === 'contact')
  const rows = Math.max(left.length, right.length, 1)
  const height = rows * STEP
  // Of many, the first are in sight together with the customer.
  const middle = Math.min(height / 2, 5.5 * STEP)
  const side = Math.floor(width * 0.32)
  const gap = Math.floor(width * 0.05)
  const center = { x: side + gap, y: middle - 24, width: width - 2 * (side + gap), height: 48 }
  const column = (of: readonly Tie[], x: number) =>
    of.map((tie, i) => {
      const y = Math.max(0, middle - (of.length / 2) * STEP) + i * STEP + (STEP - HEIGHT) / 2
      const box = { x, y, width: side - 1, height: HEIGHT }
      const from = x === 1 ? center.x : center.x + center.width
      const to = x === 1 ? box.x + box.width : box.x
      const half = (from + to) / 2
      const end = y + HEIGHT / 2
      return { tie, box, path: `M${from} ${middle}C${half} ${middle} ${half} ${end} ${to} ${end}` }
    })
  return { width, height, center, nodes: [...column(left, 1), ...column(right, width - side)] }
}

/** As much of a text as fits: SVG breaks and cuts nothing. Chinese characters are as wide as the type is high. */
export function cut(text: string, width: number, size: number): string {
  let used = 0
  let out = ''
  for (const c of text) {
    used += (c.charCodeAt(0) > 0x2e80 ? 1 : 0.6) * size
    if (used > width - size) return `${out}…`
    out += c
  }
  return out
}
