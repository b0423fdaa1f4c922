import { useSyncExternalStore } from 'react'

/** The box for a follow-up over whatever is on the page, for a record or for one still to be chosen. The shell shows it. */
export interface QuickSubject {
  object: string
  id: string
}

interface State {
  open: boolean
  used: boolean
  subject?: QuickSubject
}

let state: State = { open: false, used: false }
const listeners = new Set<() => void>()

function set(next: State) {
  state = next
  for (const l of listeners) l()
}

export const openQuick = (subject?: QuickSubject) => set({ open: true, used: true, subject })
export const closeQuick = () => set({ ...state, open: false })

export const useQuick = (): State =>
  useSyncExternalStore(
    (l) => {
      listeners.add(l)
      return () => listeners.delete(l)
    },
    () => state,
  )
