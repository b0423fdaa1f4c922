import { describe, expect, it } from 'vitest'
import { resources as en } from './en-US'
import { resources as zh } from './zh-CN'

/** `a.b.c` → text, so that the two languages can be held side by side. */
function flat(tree: object, prefix = ''): Map<string, string> {
  const out = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    const path = prefix ? `${prefix}.${key}` : key
    if (typeof value === 'string') out.set(path, value)
    else for (const [k, v] of flat(value as object, path)) out.set(k, v)
  }
  return out
}

// English tells one from many; Chinese does not, and i18next asks each language for its own forms only.
const singular = (key: string) => key.replace(/_(one|other)$/, '')
const placeholders = (text: string) => [...new Set(text.match(/\{\{[^}]+\}\}/g) ?? [])].sort()

describe.each(Object.keys(zh) as (keyof typeof zh)[])('%s', (ns) => {
  const a = flat(zh[ns])
  const b = flat(en[ns])

  it('has the same keys in both languages', () => {
    expect([...new Set([...b.keys()].map(singular))].sort()).toEqual(
      [...new Set([...a.keys()].map(singular))].sort(),
    )
  })
  it('has the same placeholders in both languages', () => {
    for (const [key, text] of a) {
      const other = b.get(key) ?? b.get(`${singular(key)}_other`)
      expect(placeholders(other ?? ''), key).toEqual(placeholders(text))
    }
  })
  it('leaves nothing empty and writes Chinese with full-width punctuation', () => {
    for (const [key, text] of [...a, ...b]) expect(text.trim(), key).not.toBe('')
    for (const [key, text] of a) expect(text, key).not.toMatch(/[一-鿿][,;:?!]/)
  })
})
