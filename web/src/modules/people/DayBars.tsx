import css from './people.module.css'

/** A small row of bars; what it says stands beside it in words. */
export function DayBars({ counts, most }: { counts: number[]; most: number }) {
  return (
    <span className={css.bars} aria-hidden>
      {counts.map((n, i) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: a place in the row is a day
          key={i}
          className={n > 0 ? css.bar : css.noBar}
          style={{ height: n > 0 ? `${Math.max(12, (n / Math.max(1, most)) * 100)}%` : undefined }}
        />
      ))}
    </span>
  )
}
