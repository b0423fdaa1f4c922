/** Which fields a board can have columns of, and a calendar days of. */
import type { FieldDef, ObjectDef } from '@/api/types'

const usable = (f: FieldDef) => f.readable !== false && !f.hidden

/** Choices always; a lookup only where the definition made it the board's, for its targets must be few. */
export function boardFields(object: ObjectDef): FieldDef[] {
  const own = object.layout.board?.group_by
  return Object.values(object.fields)
    .filter(
      (f) =>
        usable(f) &&
        f.groupable !== false &&
        (f.type === 'choice' || (f.type === 'lookup' && f.name === own)),
    )
    .sort((a, b) => Number(b.name === own) - Number(a.name === own))
}

export function dateFields(object: ObjectDef): FieldDef[] {
  const own = object.layout.calendar?.date
  return Object.values(object.fields)
    .filter((f) => usable(f) && (f.type === 'date' || f.type === 'datetime'))
    .sort(
      (a, b) =>
        Number(b.name === own) - Number(a.name === own) ||
        Number(a.system ?? false) - Number(b.system ?? false),
    )
}
