import { useCallback, useEffect, useRef, useState } from 'react'
import { viewerId } from '@/api/session'

/**
 * What somebody typed and has not saved yet, kept in this browser under his id: it survives a reload, an ended session and
 * signing out, and no colleague at the same computer gets to see it.
 */
const PREFIX = 'guanxi:draft'
const keyOf = (name: string) => `${PREFIX}:${viewerId()}:${name}`

interface Kept<T> {
  value: T
  at: string
}

function read<T>(key: string): Kept<T> | undefined {
  try {
    const text = localStorage.getItem(key)
    return text === null ? undefined : (JSON.parse(text) as Kept<T>)
  } catch {
    return undefined
  }
}

export interface Draft<T> {
  value: T
  set(value: T | ((old: T) => T)): void
  /** After saving, or when the viewer throws it away. */
  clear(): void
  /** When the text found again was written, if there was one: say so and offer to start afresh. */
  restoredAt: string | undefined
}

export function useDraft<T>(name: string, initial: T): Draft<T> {
  const key = keyOf(name)
  const [state, setState] = useState(() => ({ key, kept: read<T>(key) }))
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const pending = useRef<() => void>(undefined)
  let current = state
  if (state.key !== key) {
    current = { key, kept: read<T>(key) }
    setState(current)
  }
  const restored = useRef<{ key: string; at: string | undefined }>({ key, at: current.kept?.at })
  if (restored.current.key !== key) restored.current = { key, at: current.kept?.at }

  const flush = useCallback(() => {
    clearTimeout(timer.current)
    pending.current?.()
    pending.current = undefined
  }, [])

  // Written a moment after the last key, and in any case before the page goes away.
  useEffect(() => {
    window.addEventListener('pagehide', flush)
    return () => {
      window.removeEventListener('pagehide', flush)
      flush()
    }
  }, [flush])

  const start = useRef(initial)
  start.current = initial

  const set = useCallback<Draft<T>['set']>(
    (next) => {
      setState((old) => {
        const before = old.kept === undefined ? start.current : old.kept.value
        const value = typeof next === 'function' ? (next as (o: T) => T)(before) : next
        const kept = { value, at: new Date().toISOString() }
        pending.current = () => {
          try {
            localStorage.setItem(key, JSON.stringify(kept))
          } catch {
            // The browser's store is full: typing goes on, only the safety net is missing.
          }
        }
        clearTimeout(timer.current)
        timer.current = setTimeout(flush, 250)
        return { key, kept }
      })
    },
    [key, flush],
  )

  const clear = useCallback(() => {
    clearTimeout(timer.current)
    pending.current = undefined
    localStorage.removeItem(key)
    restored.current = { key, at: undefined }
    setState({ key, kept: undefined })
  }, [key])

  return {
    value: current.kept === undefined ? initial : current.kept.value,
    set,
    clear,
    restoredAt: restored.current.at,
  }
}
