import type { ReactNode } from 'react'
import css from './ui.module.css'

/** A short word on a tinted ground; `color` is an Ant Design name (`gold`). Readable in both themes, see theme.ts. */
export function Chip({ color, children }: { color?: string; children: ReactNode }) {
  return (
    <span
      className={css.chip}
      // A name this page does not know falls back to the neutral look of the class.
      style={
        (color && {
          background: `var(--gx-chip-${color}-bg, var(--gx-sunken))`,
          color: `var(--gx-chip-${color}, var(--gx-text-2))`,
        }) ||
        undefined
      }
    >
      {children}
    </span>
  )
}
