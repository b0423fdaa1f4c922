import type { ApiError } from './client'
import type { RecordData } from './types'

/**
 * What happened to data, told to whoever shows it. The calls live below the page, so they cannot open a toast
 * themselves; the shell listens and does.
 */
export type Announcement =
  | { kind: 'updated'; object: string; record: RecordData; fields: string[]; undo: () => Promise<unknown> }
  | { kind: 'deleted'; object: string; ids: string[]; title?: string | null; undo: () => Promise<unknown> }
  | { kind: 'created'; object: string; record: RecordData }
  | { kind: 'out_of_team'; object: string; name: string | null; undo?: () => Promise<unknown> }
  | { kind: 'failed'; object: string; error: ApiError; fields: string[]; mine?: Record<string, unknown> }

const listeners = new Set<(a: Announcement) => void>()

export function announce(a: Announcement) {
  for (const listener of listeners) listener(a)
}

export function onAnnounce(listener: (a: Announcement) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
