import type { FieldDef, ObjectDef, RecordData } from '@/api/types'
import { emptyValue } from '@/fields/shared/values'

/** How the records of an object go through stages: the lookup that says where each stands, and the stages of one way. */
export interface Staged {
  field: FieldDef
  target: ObjectDef
  /** The lookups that name the way: here, and at the stage. */
  own: string | undefined
  theirs: string | undefined
}

export function stagedOf(object: ObjectDef, objects: Record<string, ObjectDef>): Staged | undefined {
  for (const field of Object.values(object.fields)) {
    const target = field.type === 'lookup' && field.readable !== false ? objects[field.to ?? ''] : undefined
    if (target?.fields.required_fields === undefined || Object.keys(field.where ?? {}).length === 0) continue
    const [theirs, own] = Object.entries(field.where ?? {})[0] ?? []
    return { field, target, own, theirs }
  }
  return undefined
}

/** What a stage asks for and the record does not have yet, as far as the viewer may see it. */
export function missingFor(object: ObjectDef, stage: RecordData, record: RecordData): FieldDef[] {
  const names = Array.isArray(stage.required_fields) ? stage.required_fields : []
  return names
    .map((name) => object.fields[String(name)])
    .filter((f): f is FieldDef => f !== undefined && f.readable !== false)
    .filter((f) => {
      const value = record[f.name]
      return emptyValue(typeof value === 'string' ? value.trim() : value)
    })
}

/** The stage that comes after where it stands: lost is no step on the way. */
export function nextOf(stages: readonly RecordData[], current: string | undefined): RecordData | undefined {
  const at = stages.findIndex((s) => s.id === current)
  if (at < 0 || stages[at]?.kind !== 'open') return undefined
  return stages.slice(at + 1).find((s) => s.kind !== 'lost')
}

const DAY = 86_400_000

/** For how many days nothing has moved, where that is longer than the stage bears; only what is open rots. */
export function rottenDays(
  record: RecordData,
  stage: RecordData | undefined,
  now: number,
): number | undefined {
  const bears = Number(stage?.rotting_days ?? 0)
  const moved = typeof record.moved_at === 'string' ? Date.parse(record.moved_at) : Number.NaN
  if (!(bears > 0) || stage?.kind !== 'open' || Number.isNaN(moved)) return undefined
  const days = Math.floor((now - moved) / DAY)
  return days >= bears ? days : undefined
}
