import { useSyncExternalStore } from 'react'

const media = () => window.matchMedia('(max-width: 767px)')

/** Where the shell has a header in place of the navigation at the side. */
export const usePhone = () =>
  useSyncExternalStore(
    (notify) => {
      const m = media()
      m.addEventListener('change', notify)
      return () => m.removeEventListener('change', notify)
    },
    () => media().matches,
  )
