import type { FieldDef, ObjectDef } from '@/api/types'

export interface FollowUpShape {
  object: ObjectDef
  /** The lookup of a follow-up that points at the record. */
  link: FieldDef
  kind: FieldDef | undefined
  content: FieldDef
  result: FieldDef | undefined
  next: FieldDef | undefined
}

/** Follow-ups can be written on whatever they have a lookup to; nothing is said here about which objects those are. */
export function followUpOf(objects: Record<string, ObjectDef>, object: ObjectDef): FollowUpShape | undefined {
  const follow = objects.follow_up
  if (!follow || object.name === follow.name) return undefined
  const fields = Object.values(follow.fields)
  const link = fields.find((f) => f.type === 'lookup' && f.to === object.name && !f.system)
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
