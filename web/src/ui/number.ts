import { currentLang } from '@/locales'

/**
 * Amounts come as exact decimal strings and are never turned into floats: `Intl.NumberFormat` takes the string as it is.
 */
type Exact = Intl.StringNumericLiteral
const cache = new Map<string, Intl.NumberFormat>()

function formatter(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const tag = currentLang() === 'zh' ? 'zh-CN' : 'en-US'
  const key = tag + JSON.stringify(options)
  let f = cache.get(key)
  if (!f) {
    f = new Intl.NumberFormat(tag, options)
    cache.set(key, f)
  }
  return f
}

export const isNumeric = (v: unknown): v is string | number =>
  (typeof v === 'number' && Number.isFinite(v)) || (typeof v === 'string' && /^-?\d+(\.\d+)?$/.test(v.trim()))

export interface NumberStyle {
  currency?: string
  /** 12.3万 · 123K, for narrow places. */
  compact?: boolean
  minDigits?: number
  maxDigits?: number
}

export function formatNumber(value: unknown, style: NumberStyle = {}): string {
  if (!isNumeric(value)) return value === null || value === undefined ? '' : String(value)
  const money = style.currency !== undefined
  // Below 10,000 a shortened figure would only lose digits.
  const compact = style.compact && Math.abs(Number(value)) >= 10_000
  // Beside 12.3万 a nothing needs no decimals.
  const nothing = style.compact && Number(value) === 0
  const options: Intl.NumberFormatOptions = {
    ...(money ? { style: 'currency', currency: style.currency, currencyDisplay: 'narrowSymbol' } : {}),
    ...(compact
      ? {
          notation: 'compact',
          minimumFractionDigits: 0,
          maximumFractionDigits: 1,
          useGrouping: 'always' as const,
        }
      : {
          minimumFractionDigits: style.minDigits ?? (money && !nothing ? 2 : 0),
          maximumFractionDigits: style.maxDigits ?? (money ? 2 : 4),
        }),
  }
  return formatter(options).format(String(value).trim() as Exact)
}

export const formatMoney = (value: unknown, currency: string, compact = false) =>
  formatNumber(value, { currency, compact })

/** A percent field keeps 12.5 for 12.5 %. */
export const formatPercent = (value: unknown) =>
  isNumeric(value) ? `${formatNumber(value, { maxDigits: 2 })}%` : ''

const sizes = ['B', 'KB', 'MB', 'GB', 'TB']
export function formatSize(bytes: number): string {
  let i = 0
  let n = bytes
  while (n >= 1024 && i < sizes.length - 1) {
    n /= 1024
    i++
  }
  return `${formatNumber(n.toFixed(n < 10 && i > 0 ? 1 : 0))} ${sizes[i]}`
}
