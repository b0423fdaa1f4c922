import type { FieldDef, ObjectDef } from '@/api/types'

/** How one knows that a record is there, whose it is, and what the rules of pools go by. */
const shown = [
  'id',
  'owner',
  'department',
  'pool',
  'pooled_at',
  'former_owner',
  'owned_since',
  'recycle_at',
  'locked',
  'release_reason',
]

/** The fields that a pool can hide. */
export const hideable = (object: ObjectDef): FieldDef[] =>
  Object.values(object.fields).filter(
    (f) => !f.system && !f.hidden && f.name !== object.title && !shown.includes(f.name),
  )
