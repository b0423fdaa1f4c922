/** Which fields a form asks for, and what they begin with. */
import { keepsOwner } from '@/api/catalogue'
import type { FieldDef, ObjectDef, RecordData, ViewerInfo } from '@/api/types'
import { mayChange, type Owning } from './closed'

const READ_ONLY = ['auto_number', 'formula']

export const fillable = (f: FieldDef): boolean =>
  f.writable !== false &&
  f.readable !== false &&
  !f.hidden &&
  !READ_ONLY.includes(f.type) &&
  f.name !== 'id' &&
  f.name !== 'version'

export interface FormPlan {
  /** Asked at once. */
  main: FieldDef[]
  /** Behind "all fields", in the order of the record's page. */
  more: FieldDef[]
}

/** What may be changed of a record there is already: its owner not always, and of a closed one hardly anything. */
export const changeable = (object: ObjectDef, record: RecordData, parent?: Owning): FieldDef[] =>
  Object.values(object.fields).filter(
    (f) => fillable(f) && !keepsOwner(object, f) && mayChange(object, f, record, parent),
  )

/** `record`: the one there is already. */
export function formPlan(
  object: ObjectDef,
  preset: string[] = [],
  record?: RecordData,
  parent?: Owning,
): FormPlan {
  const all = record ? changeable(object, record, parent) : Object.values(object.fields).filter(fillable)
  const byName = new Map(all.map((f) => [f.name, f]))
  const sections = object.layout.detail?.sections.flatMap((s) => s.fields) ?? []
  const wanted = object.layout.create?.fields ?? sections.slice(0, 8)
  const required = all.filter((f) => f.required && !f.system).map((f) => f.name)
  const pick = (names: string[]) =>
    [...new Set(names)].map((n) => byName.get(n)).filter((f): f is FieldDef => f !== undefined)
  const main = pick([...wanted, ...required, ...preset])
  const shown = new Set(main.map((f) => f.name))
  const more = pick([...sections, ...all.map((f) => f.name)]).filter((f) => !shown.has(f.name))
  return { main: main.length > 0 ? main : more, more: main.length > 0 ? more : [] }
}

/** Long texts take the whole width. */
export const isWide = (f: FieldDef): boolean =>
  ['long_text', 'address', 'file', 'image', 'multi_lookup'].includes(f.type)

/** `me`, `today` and `now` mean the same as on the server. */
export function defaultsOf(
  object: ObjectDef,
  viewer: ViewerInfo,
  now: { today: string; instant: string },
): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const f of Object.values(object.fields)) {
    if (!fillable(f)) continue
    if (f.name === 'owner' && f.system) out.owner = { id: viewer.id, title: viewer.name }
    if (f.default === null || f.default === undefined) continue
    if (f.type === 'user' && f.default === 'me') out[f.name] = { id: viewer.id, title: viewer.name }
    else if (f.type === 'date' && f.default === 'today') out[f.name] = now.today
    else if (f.type === 'datetime' && f.default === 'now') out[f.name] = now.instant
    else out[f.name] = f.default
  }
  return out
}

/** What is sent: for a new record what is filled in, for an old one what differs. */
export function changesOf(
  fields: FieldDef[],
  values: Record<string, unknown>,
  before: Record<string, unknown> | undefined,
  isEmpty: (f: FieldDef, v: unknown) => boolean,
  same: (a: unknown, b: unknown) => boolean,
): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const f of fields) {
    const value = values[f.name] ?? null
    if (before ? !same(value, before[f.name]) : !isEmpty(f, value)) out[f.name] = value
  }
  return out
}
