const SCALES: [RegExp, number][] = [
  [/亿$/, 8],
  [/[万w]$/i, 4],
  [/[千k]$/i, 3],
  [/m$/i, 6],
]

/**
 * A number as people and spreadsheets write it (`120,000`, `12万`, `¥1.5万元`, `12%`, full-width digits) as an exact decimal
 * string; empty for nothing, undefined for what is no number. Nothing in it is passed over: 12万 never is 12.
 */
export function readNumber(text: string): string | undefined {
  let rest = text
    .normalize('NFKC')
    .replace(/\s/g, '')
    .replace(/^(-?)[¥$€£]/, '$1')
    .replace(/[元%]$/, '')
  if (rest === '') return ''
  let power = 0
  for (const [mark, by] of SCALES) {
    if (mark.test(rest)) {
      rest = rest.replace(mark, '')
      power = by
      break
    }
  }
  const found = /^([-+]?)(\d+|\d{1,3}(?:,\d{3})+|\d{1,4}(?:,\d{4})+)(?:\.(\d*))?$/.exec(rest)
  if (!found) return undefined
  const [, sign, whole = '0', fraction = ''] = found
  const shifted = fraction.padEnd(power, '0')
  const digits = `${whole.replaceAll(',', '')}${shifted.slice(0, power)}`.replace(/^0+(?=\d)/, '')
  const after = shifted.slice(power)
  return `${sign === '-' ? '-' : ''}${digits}${after ? `.${after}` : ''}`
}
