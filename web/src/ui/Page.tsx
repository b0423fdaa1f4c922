import { type ReactNode, useId } from 'react'
import css from './page.module.css'

/** A page with one heading and its actions; `narrow` for settings and reading. */
export function Page({
  title,
  text,
  actions,
  narrow,
  children,
}: {
  title: ReactNode
  text?: ReactNode
  actions?: ReactNode
  narrow?: boolean
  children: ReactNode
}) {
  return (
    <div className={`${css.page} ${narrow ? css.narrow : ''}`}>
      <div className={css.head}>
        <h1>{title}</h1>
        <span className={css.headText}>{text}</span>
        {actions}
      </div>
      {children}
    </div>
  )
}

export function Card({
  title,
  extra,
  flush,
  children,
}: {
  title: ReactNode
  extra?: ReactNode
  /** The body brings its own padding (rows that reach the edges). */
  flush?: boolean
  children: ReactNode
}) {
  const id = useId()
  return (
    <section className={css.card} aria-labelledby={id}>
      <div className={css.cardHead}>
        <h2 id={id}>{title}</h2>
        {extra && <div className={css.cardTail}>{extra}</div>}
      </div>
      <div className={`${css.cardBody} ${flush ? css.flush : ''}`}>{children}</div>
    </section>
  )
}
