/** Text in which pieces are replaced while every character still knows what it stood for in the text as it was written. */
export interface Traced {
  text: string
  /** For each character: where its piece began, */
  from: number[]
  /** and where it ended. */
  to: number[]
}

export const traced = (text: string, offset = 0): Traced => ({
  text,
  from: Array.from({ length: text.length }, (_, i) => offset + i),
  to: Array.from({ length: text.length }, (_, i) => offset + i + 1),
})

/** Null leaves a piece as it is. */
export function rewrite(
  source: Traced,
  pattern: RegExp,
  into: (match: RegExpMatchArray, source: string) => string | null,
): Traced {
  let text = ''
  const from: number[] = []
  const to: number[] = []
  let done = 0
  const keep = (until: number) => {
    text += source.text.slice(done, until)
    for (let i = done; i < until; i++) {
      from.push(source.from[i] ?? 0)
      to.push(source.to[i] ?? 0)
    }
    done = until
  }
  for (const match of source.text.matchAll(pattern)) {
    const next = into(match, source.text)
    if (next === null) continue
    keep(match.index)
    done = match.index + match[0].length
    text += next
    for (let i = 0; i < next.length; i++) {
      from.push(source.from[match.index] ?? 0)
      to.push(source.to[done - 1] ?? 0)
    }
  }
  keep(source.text.length)
  return { text, from, to }
}
