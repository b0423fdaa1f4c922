/** Mentions in plain text: `@name` or `@login`, told from addresses by what stands before the sign. */

export interface Asked {
  /** Where the sign stands. */
  start: number
  /** What has been typed after it. */
  q: string
}

/** Longer than any name that is looked for. */
const MOST = 24
// A mail address goes on before its sign; Chinese needs no space there.
const inAddress = /[A-Za-z0-9._%+-]/
const ends = /[\s@，。！？；：、,;:!?()（）《》"“”]/

/** Is a mention being typed where the caret stands? */
export function askedAt(text: string, caret: number): Asked | null {
  for (let i = caret - 1; i >= 0 && caret - i <= MOST + 1; i--) {
    const char = text[i] ?? ''
    if (char === '@') {
      return inAddress.test(text[i - 1] ?? '') ? null : { start: i, q: text.slice(i + 1, caret) }
    }
    if (ends.test(char)) return null
  }
  return null
}

/** The text with the mention written out, and where the caret goes. */
export function withMention(text: string, { start, q }: Asked, word: string) {
  const before = `${text.slice(0, start)}@${word} `
  const rest = text.slice(start + 1 + q.length).replace(/^ /, '')
  return { text: before + rest, caret: before.length }
}

const mention = /@([\p{L}\p{N}_][\p{L}\p{N}_.·-]*)/gu
const han = /^\p{Script=Han}+$/u

/** The text in pieces, mentions apart. Chinese that goes on without a space is no name. */
export function mentionsIn(text: string): { text: string; mention: boolean }[] {
  const pieces: { text: string; mention: boolean }[] = []
  let from = 0
  for (const found of text.matchAll(mention)) {
    const at = found.index
    const name = (found[1] ?? '').replace(/[.·-]+$/, '')
    if (inAddress.test(text[at - 1] ?? '') || (han.test(name) && name.length > 4)) continue
    if (at > from) pieces.push({ text: text.slice(from, at), mention: false })
    from = at + 1 + name.length
    pieces.push({ text: text.slice(at, from), mention: true })
  }
  if (from < text.length) pieces.push({ text: text.slice(from), mention: false })
  return pieces
}
