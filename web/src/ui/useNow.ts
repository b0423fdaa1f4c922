import { useSyncExternalStore } from 'react'

// One clock for all relative times on the page: a list of 200 rows needs no 200 timers.
let tick = 0
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void) {
  listeners.add(listener)
  timer ??= setInterval(() => {
    tick++
    for (const l of listeners) l()
  }, 60_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
}

/** Draws again every minute. */
export const useNow = () => useSyncExternalStore(subscribe, () => tick)
