/** Documents in force: what the catalogue says may still be changed of them, so that the page offers nothing that is refused. */
import type { FieldDef, ObjectDef, RecordData } from '@/api/types'

type ClosedDef = NonNullable<ObjectDef['closed']>[number]

/** What a line belongs to: its document may be closed, and the line with it. */
export interface Owning {
  object: ObjectDef
  record: RecordData
}

/** The state by which a record is closed; undefined while it is open. */
export const closedBy = (object: ObjectDef, record: RecordData): ClosedDef | undefined =>
  object.closed?.find((c) => c.values.includes(String(record[c.field] ?? '')))

/** Is the record, or what it is a line of, in a state in which it cannot be changed or deleted? */
export const isClosed = (object: ObjectDef, record: RecordData, parent?: Owning): boolean =>
  closedBy(object, record) !== undefined ||
  (parent !== undefined && closedBy(parent.object, parent.record) !== undefined)

/** Rights are another matter: this is about the state of the record and of its document only. */
export function mayChange(object: ObjectDef, field: FieldDef, record: RecordData, parent?: Owning): boolean {
  if (parent && isClosed(parent.object, parent.record)) return false
  const closed = closedBy(object, record)
  return !closed || field.name === 'owner' || closed.keeps.includes(field.name)
}

/** Is it of the kind that takes effect and is never edited from then on? */
export const isDocument = (object: ObjectDef): boolean => (object.closed?.length ?? 0) > 0
