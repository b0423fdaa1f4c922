import type { RecordData } from '@/api/types'

/** What can be done with a row without opening it: by its button, and by a key while the cursor is on it. */
export interface RowAct {
  key: string
  text: string
  /** What the button says to those who hear it, of the row with this title. */
  name(title: string): string
  run(record: RecordData): void
}

export const NO_ACTS: readonly RowAct[] = []
