import { type KeyboardEvent, useEffect, useRef } from 'react'
import { isComposing, isTyping } from '@/ui/ime'

export interface Cursor {
  line: number
  column: number
}

interface Options {
  lines: number
  columns: number
  /** Rows that PageDown jumps. */
  page: number
  cursor: Cursor | null
  move(to: Cursor): void
  /** Enter on a name opens the record, elsewhere changes the value. */
  enter(at: Cursor): void
  toggle(at: Cursor, range: boolean): void
  escape(): void
  focus(): void
  /** A key of what the list lets one do with a row. */
  act?(key: string, at: Cursor): boolean
}

const clamp = (n: number, max: number) => Math.max(0, Math.min(max, n))

/** Where a key leads, or null for keys that are not for the table. */
export function nextCursor(
  key: string,
  at: Cursor | null,
  lines: number,
  columns: number,
  page: number,
): Cursor | null {
  if (lines === 0) return null
  const from = at ?? { line: -1, column: 0 }
  const to = (line: number, column = from.column) => ({
    line: clamp(line, lines - 1),
    column: clamp(column, columns - 1),
  })
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return to(from.line + 1)
    case 'ArrowUp':
    case 'k':
      return to(from.line - 1)
    case 'ArrowRight':
      return at ? to(from.line, from.column + 1) : to(0)
    case 'ArrowLeft':
      return at ? to(from.line, from.column - 1) : to(0)
    case 'PageDown':
      return to(from.line + page)
    case 'PageUp':
      return to(from.line - page)
    case 'Home':
      return to(0, 0)
    case 'End':
      return to(lines - 1)
    default:
      return null
  }
}

/** Keys of a list. j and k work without clicking into it first; an input method's keys never do. */
export function useListKeys(options: Options): (e: KeyboardEvent) => void {
  const latest = useRef(options)
  latest.current = options

  const handle = useRef((e: KeyboardEvent | globalThis.KeyboardEvent): boolean => {
    const o = latest.current
    if (e.ctrlKey || e.metaKey || e.altKey || isComposing(e)) return false
    const next = nextCursor(e.key, o.cursor, o.lines, o.columns, o.page)
    if (next) {
      o.move(next)
      return true
    }
    if (e.key === 'Escape') {
      o.escape()
      return true
    }
    if (!o.cursor) return false
    if (e.key === 'Enter') {
      o.enter(o.cursor)
      return true
    }
    if (e.key === 'x' || e.key === 'X') {
      o.toggle(o.cursor, e.shiftKey)
      return true
    }
    return !e.repeat && (o.act?.(e.key, o.cursor) ?? false)
  }).current

  useEffect(() => {
    const onKey = (e: globalThis.KeyboardEvent) => {
      if (e.defaultPrevented || isTyping(e.target) || document.activeElement?.closest('[role=grid]')) return
      // Only the letters: arrows belong to whatever has the focus.
      if (e.key !== 'j' && e.key !== 'k') return
      if (document.querySelector('.ant-modal-wrap:not([style*="none"]), .ant-drawer-open')) return
      latest.current.focus()
      if (handle(e)) e.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [handle])

  return (e) => {
    if (isTyping(e.target) && (e.target as HTMLInputElement).type !== 'checkbox') return
    // A focused button or link inside (sort, resize, title) keeps its own Enter and arrows.
    const own = (e.target as HTMLElement).closest('button, a')
    if (own && (e.key === 'Enter' || e.key === ' ')) return
    if (handle(e)) {
      e.preventDefault()
      e.stopPropagation()
    }
  }
}
