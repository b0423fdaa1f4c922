import type { ReactNode } from 'react'
import { useCatalogue } from '@/api/catalogue'
import { formatMoney, formatNumber } from './number'
import { fullTime, relativeTime } from './time'
import css from './ui.module.css'
import { useNow } from './useNow'

/** An empty value; silent for screen readers, which read the label alone. */
export function Dash() {
  return (
    <span className={css.dash} aria-hidden>
      —
    </span>
  )
}

/** 今天 14:30, with the full date on hover. Stays right while the page is open. */
export function RelativeTime({
  value,
  className,
  toTheHour,
}: {
  value: string
  className?: string
  /** Also of what is long over. */
  toTheHour?: boolean
}) {
  useNow()
  return (
    <time dateTime={value} title={fullTime(value)} className={className}>
      {relativeTime(value, undefined, toTheHour)}
    </time>
  )
}

/** ¥1,234.50, or 12.3万 where it is narrow (the exact figure then is the hover). */
export function Money({
  value,
  currency,
  compact,
  whole,
}: {
  value: unknown
  currency?: string
  compact?: boolean
  /** With all the decimals it has: a price may have four. */
  whole?: boolean
}) {
  const { workspace } = useCatalogue()
  const exact = formatNumber(value, {
    currency: currency ?? workspace.currency,
    maxDigits: whole ? 4 : undefined,
  })
  return (
    <span className={css.numeric} title={compact ? exact : undefined}>
      {compact ? formatMoney(value, currency ?? workspace.currency, true) : exact}
    </span>
  )
}

export function Numeric({ children }: { children: ReactNode }) {
  return <span className={css.numeric}>{children}</span>
}

/** A key on the keyboard: `<Kbd>Ctrl</Kbd>`. */
export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className={css.kbd}>{children}</kbd>
}
