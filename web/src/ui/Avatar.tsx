import type { Ref } from '@/api/types'
import css from './ui.module.css'

/** As colleagues write it: the last two characters of a Chinese name, the initials of others. */
function short(name: string): string {
  const text = name.trim()
  if (/[一-鿿]/.test(text)) {
    const han = text.replace(/[^一-鿿]/g, '')
    return han.slice(-2)
  }
  const words = text.split(/[\s._-]+/).filter(Boolean)
  return ((words[0]?.[0] ?? '?') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase()
}

/** Decorative: the name always stands beside it, or is its `title`. */
export function Avatar({ name, size = 20, title }: { name: string; size?: number; title?: string }) {
  const whole = short(name)
  // Two characters in 20 px would be too small to read.
  const text = size < 24 ? whole.slice(-1) : whole
  return (
    <span
      className={css.avatar}
      title={title}
      aria-hidden={title === undefined || undefined}
      style={{ width: size, height: size, fontSize: Math.round(size * (text.length > 1 ? 0.42 : 0.5)) }}
    >
      {text}
    </span>
  )
}

export function Person({ who, size = 20 }: { who: Ref; size?: number }) {
  const name = who.title ?? '—'
  return (
    <span className={css.person}>
      <Avatar name={name} size={size} />
      <span>{name}</span>
    </span>
  )
}
