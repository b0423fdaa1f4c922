import { type FocusEvent, type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import type { Entry } from '@/api/schedule'
import { applied, keyOf, movable, moves, type Shift, still } from './model'

/** Under the pointer an entry is taken along only after so many pixels: before that it is a click. */
const SLACK = 4

/** Where the pointer took hold. */
export interface Hold {
  x: number
  y: number
  /** What lies under the entries, as it was then: an entry that is moved is drawn elsewhere. */
  ground: HTMLElement | null
}

interface Ground {
  /** How far the pointer went, as days and minutes of the ground it went over. */
  measure(from: Hold, to: { clientX: number; clientY: number }): { days: number; minutes: number }
  /** What Alt with an arrow means here. */
  arrow(key: string): { days: number; minutes: number } | undefined
  /** Is this moment on screen? Keys take nothing out of sight. */
  shows(start: string): boolean
  onMoved(entry: Entry, start: string, end: string): void
}

/**
 * Moving entries and changing their length, with the mouse or with the keyboard: Alt and arrows move, with Shift they change
 * the end, Enter keeps it, Escape lets it be. Fingers scroll; there the form changes times.
 */
export function useMover({ measure, arrow, shows, onMoved }: Ground) {
  const [active, setActive] = useState<{ entry: Entry; shift: Shift }>()
  const took = useRef(false)
  const letGo = useRef<() => void>(undefined)
  const focus = useRef<string>(undefined)
  useEffect(() => () => letGo.current?.(), [])

  // Moved, an entry is drawn anew elsewhere; whoever moves it by keys goes on from there.
  useEffect(() => {
    if (!focus.current) return
    const found = document.querySelector<HTMLElement>(`[data-entry="${CSS.escape(focus.current)}"]`)
    if (!found) return
    focus.current = undefined
    if (found !== document.activeElement) found.focus()
  })

  const ghost = active && { ...active.entry, ...shown(active.entry, active.shift) }
  const finish = (entry: Entry, shift: Shift, byKeys: boolean) => {
    setActive(undefined)
    if (!moves(shift)) return
    const { start, end } = applied(entry, shift)
    if (byKeys) focus.current = keyOf({ ...entry, start })
    onMoved(entry, start, end)
  }
  const shiftOf = (by: { days: number; minutes: number }, end: boolean): Shift =>
    end ? { days: 0, start: 0, end: by.minutes } : { days: by.days, start: by.minutes, end: by.minutes }

  const bind = (origin: Entry) => {
    if (!movable(origin)) return {}
    return {
      onPointerDown: (e: PointerEvent<HTMLElement>) => {
        took.current = false
        if (e.pointerType === 'touch' || e.button !== 0) return
        const end = e.target instanceof HTMLElement && e.target.dataset.end !== undefined
        const hold: Hold = { x: e.clientX, y: e.clientY, ground: e.currentTarget.closest('[data-ground]') }
        let shift = still
        const move = (to: globalThis.PointerEvent) => {
          if (!took.current && Math.hypot(to.clientX - hold.x, to.clientY - hold.y) < SLACK) return
          took.current = true
          shift = shiftOf(measure(hold, to), end)
          setActive({ entry: origin, shift })
        }
        const up = () => {
          letGo.current?.()
          if (took.current) finish(origin, shift, false)
          // The click comes before this.
          setTimeout(() => {
            took.current = false
          })
        }
        const stop = () => {
          letGo.current?.()
          setActive(undefined)
        }
        // The window hears of it wherever the entry is drawn meanwhile.
        window.addEventListener('pointermove', move)
        window.addEventListener('pointerup', up)
        window.addEventListener('pointercancel', stop)
        letGo.current = () => {
          window.removeEventListener('pointermove', move)
          window.removeEventListener('pointerup', up)
          window.removeEventListener('pointercancel', stop)
        }
      },
      onKeyDown: (e: KeyboardEvent) => {
        const by = e.altKey ? arrow(e.key) : undefined
        if (by) {
          e.preventDefault()
          const old = active?.shift ?? still
          const more = shiftOf(by, e.shiftKey && origin.object === 'event' && !origin.all_day)
          const shift = {
            days: old.days + more.days,
            start: old.start + more.start,
            end: old.end + more.end,
          }
          if (!shows(applied(origin, shift).start)) return
          focus.current = keyOf(origin)
          setActive({ entry: origin, shift })
        } else if (active && (e.key === 'Enter' || e.key === 'Escape')) {
          e.preventDefault()
          e.stopPropagation()
          focus.current = keyOf(origin)
          finish(active.entry, e.key === 'Enter' ? active.shift : still, true)
        }
      },
      // A held entry is let go where one goes on to something else.
      onBlur: (e: FocusEvent) => {
        if (e.relatedTarget) setActive(undefined)
      },
    }
  }

  return {
    /** The entries as they are drawn: what is being moved stands where it would be. */
    drawn: (entries: Entry[]): Entry[] =>
      ghost ? entries.map((e) => (keyOf(e) === keyOf(active.entry) ? ghost : e)) : entries,
    origin: (entry: Entry): Entry => (entry === ghost && active ? active.entry : entry),
    moving: active?.entry,
    ghost,
    bind,
    /** The click that ends a drag opens nothing. */
    clicked: () => !took.current,
  }
}

function shown(entry: Entry, shift: Shift): Partial<Entry> {
  const { start, end } = applied(entry, shift)
  if (!entry.first_day || !entry.last_day) return { start, end }
  const day = (d: string) => {
    const date = new Date(`${d}T00:00:00Z`)
    date.setUTCDate(date.getUTCDate() + shift.days)
    return date.toISOString().slice(0, 10)
  }
  return { start, first_day: day(entry.first_day), last_day: day(entry.last_day) }
}

export type Mover = ReturnType<typeof useMover>
