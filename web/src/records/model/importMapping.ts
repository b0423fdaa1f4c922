/** The wizard's plan of an import and the mapping of docs/import.md it becomes. */
import type { FieldDef, ImportInfo, ObjectDef } from '@/api/types'
import { fillable } from './formFields'

export interface ColumnPlan {
  name: string
  samples: string[]
  /** Null leaves the column out. */
  field: string | null
  replace: { from: string; to: string }[]
  empty: 'clear' | 'keep'
  format: string
  scale: string
  match: string
  create: boolean
  /** What the wizard has no input for (`with`), kept from a mapping made elsewhere. */
  other: Record<string, unknown>
}

export interface ImportPlan {
  mode: 'create' | 'update' | 'upsert'
  key: string[]
  columns: ColumnPlan[]
  /** Everything else of a mapping made elsewhere (`values`, `encoding` …). */
  other: Record<string, unknown>
}

type Raw = Record<string, unknown>
const isRaw = (v: unknown): v is Raw => v !== null && typeof v === 'object' && !Array.isArray(v)
const text = (v: unknown): string => (typeof v === 'string' || typeof v === 'number' ? String(v) : '')

/** Fields a column can fill: unlike a form also numbers and the moment of creation, so that old data keeps them. */
export const importable = (object: ObjectDef): FieldDef[] =>
  Object.values(object.fields).filter(
    (f) =>
      fillable(f) ||
      (!f.hidden && f.readable !== false && (f.type === 'auto_number' || f.name === 'created_at')),
  )

export function planOf(info: Pick<ImportInfo, 'columns' | 'mapping'>): ImportPlan {
  const mapping = info.mapping ?? {}
  const { mode, key, columns: mapped, object: _object, ...other } = mapping as Raw
  const given = isRaw(mapped) ? mapped : undefined
  const columns = info.columns.map((c): ColumnPlan => {
    const raw = given?.[c.name]
    const { field, replace, empty, format, scale, match, create, ...rest } = isRaw(raw) ? raw : ({} as Raw)
    return {
      name: c.name,
      samples: c.samples,
      field: given ? (typeof field === 'string' ? field : null) : c.field,
      replace: isRaw(replace) ? Object.entries(replace).map(([from, to]) => ({ from, to: text(to) })) : [],
      empty: empty === 'keep' ? 'keep' : 'clear',
      format: text(format),
      scale: text(scale),
      match: text(match),
      create: create === true,
      other: rest,
    }
  })
  // Two columns cannot fill one field: the first keeps it.
  const taken = new Set<string>()
  for (const c of columns) {
    if (!c.field) continue
    if (taken.has(c.field)) c.field = null
    else taken.add(c.field)
  }
  return {
    mode: mode === 'update' || mode === 'upsert' ? mode : 'create',
    key: Array.isArray(key) ? key.map(text).filter(Boolean) : typeof key === 'string' ? [key] : [],
    columns,
    other,
  }
}

export function mappingOf(object: ObjectDef, plan: ImportPlan): Raw {
  const columns: Raw = {}
  for (const c of plan.columns) {
    const field = c.field ? object.fields[c.field] : undefined
    if (!field) continue
    const one: Raw = { ...c.other, field: field.name }
    const replace = c.replace.filter((r) => r.from.trim())
    if (replace.length > 0) one.replace = Object.fromEntries(replace.map((r) => [r.from.trim(), r.to]))
    if (c.empty === 'keep') one.empty = 'keep'
    if (c.format.trim() && isDate(field)) one.format = c.format.trim()
    if (c.scale.trim() && isNumber(field) && Number.isFinite(Number(c.scale))) one.scale = Number(c.scale)
    if (c.match && field.to) one.match = c.match
    if (c.create && field.to) one.create = true
    columns[c.name] = one
  }
  return {
    ...plan.other,
    object: object.name,
    mode: plan.mode,
    ...(plan.mode === 'create' || plan.key.length === 0 ? {} : { key: plan.key }),
    columns,
  }
}

export const isDate = (f: FieldDef) => f.type === 'date' || f.type === 'datetime'
export const isNumber = (f: FieldDef) => ['integer', 'decimal', 'money', 'percent'].includes(f.type)
export const isLink = (f: FieldDef) =>
  ['lookup', 'multi_lookup', 'category', 'user', 'department'].includes(f.type) && f.to !== undefined

export type PlanFault = 'nothing' | 'noKey' | 'keyUnmapped' | 'missing'

/** What must be put right before starting; the fields it is about. */
export function faultsOf(object: ObjectDef, plan: ImportPlan): { fault: PlanFault; fields: string[] }[] {
  const mapped = new Set(plan.columns.map((c) => c.field).filter((f): f is string => f !== null))
  const values = isRaw(plan.other.values) ? plan.other.values : {}
  for (const name of Object.keys(values)) mapped.add(name)
  const out: { fault: PlanFault; fields: string[] }[] = []
  if (mapped.size === 0) return [{ fault: 'nothing', fields: [] }]
  if (plan.mode !== 'create') {
    if (plan.key.length === 0) out.push({ fault: 'noKey', fields: [] })
    const unmapped = plan.key.filter((k) => !mapped.has(k))
    if (unmapped.length > 0) out.push({ fault: 'keyUnmapped', fields: unmapped })
  }
  if (plan.mode !== 'update') {
    const missing = Object.values(object.fields).filter(
      (f) =>
        f.required &&
        fillable(f) &&
        !mapped.has(f.name) &&
        (f.default === null || f.default === undefined) &&
        !f.system,
    )
    if (missing.length > 0) out.push({ fault: 'missing', fields: missing.map((f) => f.name) })
  }
  return out
}
