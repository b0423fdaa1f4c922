import { useSyncExternalStore } from 'react'
import { viewerId } from './session'

/**
 * Handovers whose end this viewer has not seen yet. They go on without the page, so their ids are kept in the browser: whoever
 * left, or comes back another day, is told how it went.
 */
const keyOf = () => `guanxi:handovers:${viewerId()}`
const MOST = 20

const listeners = new Set<() => void>()

function stored(): string {
  try {
    return localStorage.getItem(keyOf()) ?? ''
  } catch {
    return ''
  }
}
const split = (text: string) => text.split(' ').filter((id) => id !== '')
export const startedHandovers = () => split(stored())

function keep(ids: string[]) {
  try {
    if (ids.length === 0) localStorage.removeItem(keyOf())
    else localStorage.setItem(keyOf(), ids.slice(-MOST).join(' '))
  } catch {
    // Not to be told is no harm.
  }
  for (const listener of listeners) listener()
}

export function noteStarted(id: string) {
  const ids = startedHandovers()
  if (!ids.includes(id)) keep([...ids, id])
}

export function noteSeen(id: string) {
  const ids = startedHandovers()
  if (ids.includes(id)) keep(ids.filter((other) => other !== id))
}

export function useStartedHandovers(): string[] {
  const text = useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, stored)
  return split(text)
}

const watching = new Map<string, number>()

/** Somebody has it before his eyes until the returned function is called: he needs no notice. */
export function watchHandover(id: string): () => void {
  watching.set(id, (watching.get(id) ?? 0) + 1)
  return () => {
    watching.set(id, (watching.get(id) ?? 1) - 1)
  }
}
export const isWatched = (id: string) => (watching.get(id) ?? 0) > 0
