import { useSyncExternalStore } from 'react'

// The palette is opened from many places and loaded when first used, so its state lives outside it.
let state = { open: false, used: false }
const listeners = new Set<() => void>()

function set(open: boolean) {
  state = { open, used: state.used || open }
  for (const l of listeners) l()
}

export const openPalette = () => set(true)
export const closePalette = () => set(false)

export const usePaletteState = () =>
  useSyncExternalStore(
    (l) => {
      listeners.add(l)
      return () => listeners.delete(l)
    },
    () => state,
  )
