import { decimal, units } from '@/ui/exact'

export type Parsed = { value: string | null } | { wrong: 'number' | 'negative' | 'decimals' }

const SCALES: [RegExp, number][] = [
  [/(亿)$/, 8],
  [/(万|w)$/i, 4],
  [/(千|k)$/i, 3],
  [/m$/i, 6],
]

/** A number as people and spreadsheets write it: `120,000`, `12万`, `¥1.5万`, full-width digits. Empty is nothing. */
export function parseCell(text: string): Parsed {
  let rest = text
    .normalize('NFKC')
    .replace(/[\s\u00a0]/g, '')
    .replace(/^[¥$€£]/, '')
    .replace(/元$/, '')
  if (rest === '' || rest === '-' || rest === '—') return { value: null }
  let power = 0
  for (const [mark, by] of SCALES) {
    if (mark.test(rest)) {
      rest = rest.replace(mark, '')
      power = by
      break
    }
  }
  const found = /^(-?)(\d+|\d{1,3}(?:,\d{3})+|\d{1,4}(?:,\d{4})+)(?:\.(\d*))?$/.exec(rest)
  if (!found) return { wrong: 'number' }
  const [, sign, whole = '0', fraction = ''] = found
  const shifted = fraction.padEnd(power, '0')
  const exact = units(`${whole.replaceAll(',', '')}${shifted.slice(0, power)}.${shifted.slice(power) || '0'}`)
  if (exact === undefined) return { wrong: 'decimals' }
  if (sign && exact > 0n) return { wrong: 'negative' }
  return { value: decimal(exact) }
}
