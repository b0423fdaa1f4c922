import type { RecordData } from '@/api/types'

/** A card on its way from one column to another. */
export interface Move {
  record: RecordData
  from: string
  to: string
}

export const keyOf = (value: unknown): string =>
  value !== null && typeof value === 'object' && 'id' in value ? String(value.id) : String(value ?? '')
