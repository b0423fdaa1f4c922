import { can } from '@/api/catalogue'
import type { ObjectDef } from '@/api/types'

/** Objects whose records are settings: no module lists them, their lists stand under administration. */
const lists: { name: string; everybody?: boolean }[] = [
  { name: 'customer_rule' },
  { name: 'contact_rule' },
  { name: 'report_rule' },
  // Whoever may read customers may look up who is in a group.
  { name: 'customer_group', everybody: true },
  { name: 'lead_score_rule' },
  { name: 'lead_assignment' },
]

/** Those that there are for this viewer: the catalogue names nothing that he may not read. */
export const settingLists = (objects: Record<string, ObjectDef>, admin: boolean): ObjectDef[] =>
  lists.filter((l) => admin || l.everybody).flatMap((l) => objects[l.name] ?? [])

/** Kept by a few, and read by the others where it is used: no room in their menu. */
const KEPT = ['festival']

/** Is it in the menu of who has the module? */
export const inMenu = (object: ObjectDef): boolean => !KEPT.includes(object.name) || can(object, 'create')
