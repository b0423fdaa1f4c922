import { useSyncExternalStore } from 'react'
import { viewerId } from '@/api/session'

/**
 * Notifications of the desktop: only in a browser where the viewer has switched them on, for the permission too is given to a
 * browser. Asking comes from his click, never by itself.
 */
const key = () => `guanxi:desktop-notifications:${viewerId()}`
const listeners = new Set<() => void>()

export type DesktopState = 'on' | 'off' | 'denied' | 'missing'

/** Plain http other than localhost has none. */
const there = () => 'Notification' in window && window.isSecureContext !== false

export function desktopState(): DesktopState {
  if (!there()) return 'missing'
  if (Notification.permission === 'denied') return 'denied'
  return Notification.permission === 'granted' && localStorage.getItem(key()) === 'on' ? 'on' : 'off'
}

export async function switchDesktop(on: boolean): Promise<DesktopState> {
  if (on && there()) {
    const given = Notification.permission === 'default' ? await Notification.requestPermission() : undefined
    if ((given ?? Notification.permission) === 'granted') localStorage.setItem(key(), 'on')
  } else localStorage.removeItem(key())
  for (const l of listeners) l()
  return desktopState()
}

export const useDesktopState = () =>
  useSyncExternalStore((l) => {
    listeners.add(l)
    return () => listeners.delete(l)
  }, desktopState)

/** Several windows of the page tell of the same thing under the same tag, so it is shown once. */
export function showOnDesktop(tag: string, title: string, body: string, onClick: () => void) {
  if (desktopState() !== 'on') return
  try {
    const shown = new Notification(title, { body, tag, icon: '/favicon.svg' })
    shown.onclick = () => {
      window.focus()
      shown.close()
      onClick()
    }
  } catch {
    // Phones have the permission but not the constructor; the bell tells all the same.
  }
}
