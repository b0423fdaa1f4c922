import type { Entry } from '@/api/schedule'
import type { Mover } from './useMover'

/** What a view of the schedule needs of the page around it. */
export interface Stage {
  mover: Mover
  /** The entry that tells more of itself. */
  open: string | undefined
  setOpen(key: string | undefined): void
  edit(entry: Entry): void
  remove(entry: Entry): void
  act(entry: Entry, action: string): void
  /** Absent where the viewer may make no events. */
  create?(start: string, end: string, allDay: boolean): void
  goTo(day: string): void
  me: string
}

/** Is it in nobody's schedule but that of others? */
export const isTheirs = (entry: Entry, me: string): boolean => !entry.people.includes(me)
