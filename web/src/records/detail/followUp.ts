import type { FieldDef, ObjectDef, RecordData } from '@/api/types'

export interface FollowUpShape {
  object: ObjectDef
  /** The lookup of a follow-up that points at the record. */
  link: FieldDef
  kind: FieldDef | undefined
  content: FieldDef
  result: FieldDef | undefined
  next: FieldDef | undefined
}

const links = (follow: ObjectDef) =>
  Object.values(follow.fields).filter((f) => f.type === 'lookup' && f.to !== undefined && !f.system)

/** Follow-ups can be written on whatever they have a lookup to; nothing is said here about which objects those are. */
export function followUpOf(objects: Record<string, ObjectDef>, object: ObjectDef): FollowUpShape | undefined {
  const follow = objects.follow_up
  if (!follow || object.name === follow.name) return undefined
  const link = links(follow).find((f) => f.to === object.name)
  const content = follow.fields.content
  if (!link || !content) return undefined
  return {
    object: follow,
    link,
    content,
    kind: follow.fields.kind,
    result: follow.fields.result,
    next: follow.fields.next_at,
  }
}

/** What a follow-up can be about, in the order of its fields. */
export const followed = (objects: Record<string, ObjectDef>): { link: FieldDef; object: ObjectDef }[] =>
  (objects.follow_up ? links(objects.follow_up) : []).flatMap((link) => {
    const object = objects[link.to ?? '']
    return object && link.writable !== false ? [{ link, object }] : []
  })

/** A record about another is one on its customer too: lookups of the same name and target go along. */
export function alongOf(target: ObjectDef, link: FieldDef, object: ObjectDef, record: RecordData) {
  return Object.fromEntries(
    Object.values(target.fields)
      .filter(
        (f) =>
          f.type === 'lookup' &&
          f.name !== link.name &&
          f.to !== undefined &&
          object.fields[f.name]?.to === f.to &&
          record[f.name],
      )
      .map((f) => [f.name, record[f.name]]),
  )
}
