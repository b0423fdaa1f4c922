import { useSyncExternalStore } from 'react'

// Opened by the bell, a key and the palette, and loaded when first used, so its state lives outside it.
let state = { open: false, used: false }
const listeners = new Set<() => void>()

function set(open: boolean) {
  if (open === state.open) return
  state = { open, used: state.used || open }
  for (const l of listeners) l()
}

export const openNotifications = () => set(true)
export const closeNotifications = () => set(false)
export const toggleNotifications = () => set(!state.open)

export const useNotificationsOpen = () =>
  useSyncExternalStore(
    (l) => {
      listeners.add(l)
      return () => listeners.delete(l)
    },
    () => state,
  )
