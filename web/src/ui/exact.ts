/**
 * Sums of exact decimal strings. They are held as whole numbers of ten-thousandths, the four decimals that the server keeps.
 */
const SCALE = 4
const ONE = 10n ** BigInt(SCALE)

const shape = /^([-+]?)(\d+)(?:\.(\d+))?$/

/** Undefined for what is no number, or has more decimals than are kept. */
export function units(text: string): bigint | undefined {
  const found = shape.exec(text.trim())
  if (!found) return undefined
  const [, sign, whole = '0', fraction = ''] = found
  const kept = fraction.replace(/0+$/, '')
  if (kept.length > SCALE) return undefined
  const size = BigInt(whole) * ONE + BigInt(kept.padEnd(SCALE, '0'))
  return sign === '-' ? -size : size
}

/** Without zeros at the end, as the server writes it. */
export function decimal(value: bigint): string {
  const size = value < 0n ? -value : value
  const fraction = String(size % ONE)
    .padStart(SCALE, '0')
    .replace(/0+$/, '')
  return `${value < 0n ? '-' : ''}${size / ONE}${fraction ? `.${fraction}` : ''}`
}

type Maybe = string | null | undefined

const read = (value: Maybe) => (value ? (units(value) ?? 0n) : 0n)

/** What is not there adds nothing. */
export const plus = (...values: Maybe[]): string => decimal(values.reduce((sum, v) => sum + read(v), 0n))
export const minus = (a: Maybe, b: Maybe): string => decimal(read(a) - read(b))
export const compare = (a: Maybe, b: Maybe): number => {
  const difference = read(a) - read(b)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}
export const absolute = (value: string): string => value.replace(/^-/, '')

/** Nothing where none of them is there. */
export const sumOf = (values: Maybe[]): string | null =>
  values.some((v) => v !== null && v !== undefined) ? plus(...values) : null

/**
 * Parts of a whole by weight that add up to it exactly: each takes what the running sum, rounded to `step` units, has grown by.
 * All alike where the weights are nothing.
 */
export function shares(whole: bigint, weights: bigint[], step: bigint): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n)
  const used = sum > 0n ? weights : weights.map(() => 1n)
  const all = sum > 0n ? sum : BigInt(weights.length)
  let seen = 0n
  let given = 0n
  return used.map((weight, i) => {
    seen += weight
    const until =
      i === used.length - 1 ? whole : ((whole * seen * 2n + all * step) / (2n * all * step)) * step
    const part = until - given
    given = until
    return part
  })
}

/** For the width of a bar only: how many hundredths of `whole` it is, from 0 to 100. */
export function portion(part: Maybe, whole: Maybe): number {
  const all = read(whole)
  if (all <= 0n) return 0
  const hundredths = Number((read(part) * 10_000n) / all) / 100
  return Math.min(100, Math.max(0, hundredths))
}
