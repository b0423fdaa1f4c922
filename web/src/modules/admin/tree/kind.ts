import type { RecordData } from '@/api/types'

/** Trees of this page; each has its words under its name. */
export type TreeKind = 'departments' | 'territories'

export const titleOf = (record: RecordData) => String(record.name ?? '')
