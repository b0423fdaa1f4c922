import { useSyncExternalStore } from 'react'

const media = () => window.matchMedia('(max-width: 640px)')

/** Phone width: tables become cards, popovers become sheets. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (notify) => {
      const m = media()
      m.addEventListener('change', notify)
      return () => m.removeEventListener('change', notify)
    },
    () => media().matches,
  )
}
