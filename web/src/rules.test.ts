import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Rules of the house that no compiler knows, over every source file of the page. */

const src = join(process.cwd(), 'src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((f) => /\.(tsx?|css)$/.test(f) && !f.endsWith('schema.d.ts'))
  .map((f) => ({ name: relative('.', f), text: readFileSync(join(src, f), 'utf8') }))

const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/[^\n]*/g, '$1')
const isTest = (name: string) => /\.test\.tsx?$|(^|\/)test(kit|-setup)\.tsx?$/.test(name)

describe('every source file', () => {
  it('keeps colours in app/theme.ts', () => {
    const literal = /#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b|\b(?:rgb|rgba|hsl|hsla|oklch)\(/i
    const found = files.filter(
      (f) => f.name !== 'app/theme.ts' && !isTest(f.name) && literal.test(code(f.text)),
    )
    expect(found.map((f) => f.name)).toEqual([])
  })

  it('says nothing to the viewer past the locales', () => {
    // Words that belong to the matter itself: pinyin borders, names in the division list, input separators, formats.
    const matter = /阿八嚓哒妸发旮哈讥咔垃痳拏噢妑七呥扨它穵夕丫帀|市辖区|YYYY年M月D日|M月D日|一-鿿|[，、；]/g
    const found = files.filter(
      (f) =>
        /\.tsx?$/.test(f.name) &&
        !isTest(f.name) &&
        !f.name.startsWith('locales/') &&
        // What reads words of both languages, whichever the page speaks, has to know them.
        !f.name.includes('/understand/') &&
        /[一-鿿]/.test(code(f.text).replace(matter, '')),
    )
    expect(found.map((f) => f.name)).toEqual([])
  })

  it('hides its icons from those who hear the page', () => {
    // Unhidden, an icon reads out its own name (“down”, “plus”) before the words of its button.
    const bare = files.flatMap((f) =>
      [...code(f.text).matchAll(/<[A-Z]\w+(?:Outlined|Filled|TwoTone)\b[^>]*>/g)]
        .filter(([icon]) => !/aria-(?:hidden|label)/.test(icon))
        .map(([icon]) => `${f.name}: ${icon}`),
    )
    expect(bare).toEqual([])
  })

  it('stays short enough to read at one sitting', () => {
    const long = files.filter((f) => !isTest(f.name) && f.text.split('\n').length > 400)
    expect(long.map((f) => f.name)).toEqual([])
  })

  it('imports downwards: api ← ui ← fields ← records, modules ← app', () => {
    const rank: Record<string, number> = {
      locales: 0,
      api: 0,
      ui: 1,
      fields: 2,
      records: 3,
      modules: 3,
      app: 4,
    }
    const found: string[] = []
    for (const f of files) {
      const own = rank[f.name.split('/')[0] ?? '']
      if (own === undefined || isTest(f.name)) continue
      for (const [, target = ''] of f.text.matchAll(/from '@\/([a-z]+)/g)) {
        if ((rank[target] ?? 0) > own) found.push(`${f.name} → ${target}`)
      }
    }
    expect(found).toEqual([])
  })
})
