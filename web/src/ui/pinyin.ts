/**
 * Initials of Chinese words (客户 → kh) for picking among a few words the page already has: commands, options, departments.
 * Records are searched by the server, which knows full pinyin and 多音字. Here the browser's own pinyin order is enough:
 * each letter begins at a known character.
 */
const letters = 'abcdefghjklmnopqrstwxyz'
const firsts = [...'阿八嚓哒妸发旮哈讥咔垃痳拏噢妑七呥扨它穵夕丫帀']
const order = new Intl.Collator('zh-CN')

function initial(char: string): string {
  if (!/[一-鿿]/.test(char)) return char.toLowerCase()
  for (let i = firsts.length - 1; i >= 0; i--) {
    if (order.compare(char, firsts[i] ?? '') >= 0) return letters[i] ?? ''
  }
  return ''
}

const cache = new Map<string, string>()
export function initials(text: string): string {
  let hit = cache.get(text)
  if (hit === undefined) {
    hit = [...text].map(initial).join('')
    cache.set(text, hit)
  }
  return hit
}

/** Does the query occur in one of the texts, as itself or by initials? */
export function matchesText(query: string, ...texts: (string | undefined | null)[]): boolean {
  const q = query.trim().toLowerCase().replace(/\s+/g, '')
  if (!q) return true
  return texts.some((text) => {
    if (!text) return false
    const plain = text.toLowerCase().replace(/\s+/g, '')
    return plain.includes(q) || initials(plain).includes(q)
  })
}
