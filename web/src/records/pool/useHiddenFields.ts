import { usePools } from '@/api/pools'
import type { RecordData } from '@/api/types'
import { asRef } from '@/fields/shared/values'

const none: string[] = []

/** The fields of a record that the pool in which it lies hides from the viewer. */
export function useHiddenFields(record: RecordData): string[] {
  const pool = asRef(record.pool)
  return usePools().data?.find((p) => p.id === pool?.id)?.hidden_fields ?? none
}
