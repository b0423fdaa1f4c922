/** Which columns the lines of a document have, and where the document says so. */
import type { Catalogue, FieldDef, ObjectDef, RecordData } from '@/api/types'
import { fieldKinds } from '@/fields/registry'
import { isDocument } from '../../model/closed'
import { fillable } from '../../model/formFields'

export interface LineKind {
  target: ObjectDef
  /** The lookup of a line to its document. */
  parent: FieldDef
  columns: FieldDef[]
}

/** The lines that make up a document. */
export function lineKinds(object: ObjectDef, objects: Catalogue['objects']): LineKind[] {
  if (!isDocument(object)) return []
  return (object.layout.create?.lines ?? []).flatMap((name) => {
    const target = objects[name]
    const parent = target?.fields[target.parent ?? '']
    if (!target || !parent) return []
    const listed = object.layout.detail?.related?.find((r) => r.object === name && r.field === parent.name)
    const columns = (listed?.columns ?? target.layout.list?.columns ?? [])
      .map((n) => target.fields[n])
      .filter((f): f is FieldDef => f !== undefined && f.readable !== false && f !== parent)
      // The line it was made from is called as it is called itself.
      .filter((f) => !(f.type === 'lookup' && objects[f.to ?? '']?.traits.includes('child_of')))
    return [{ target, parent, columns }]
  })
}

const KEPT = ['quantity', 'price', 'amount']
const numeric = (f: FieldDef) => ['integer', 'decimal', 'money', 'percent'].includes(f.type)

/** Without what says nothing: of a closed document what is empty or nothing in all lines, and products called as their lines. */
export function telling(
  kind: Pick<LineKind, 'target' | 'columns'>,
  rows: RecordData[],
  closed: boolean,
): FieldDef[] {
  const { target, columns } = kind
  const title = columns.find((f) => f.name === target.title)
  const asked = target.layout.create?.fields ?? []
  const empty = (f: FieldDef, row: RecordData) =>
    fieldKinds[f.type].isEmpty(row[f.name]) || (numeric(f) && Number(row[f.name]) === 0)
  return columns.filter((f) => {
    if (rows.length === 0 || f === title || KEPT.includes(f.name)) return true
    const product = f.type === 'lookup' && f.to === 'product' && title !== undefined
    if (product && (closed || !asked.includes(f.name))) {
      const called = (row: RecordData) => (row[f.name] as { title?: string } | null)?.title
      return rows.some((row) => row[f.name] && called(row) !== row[target.title])
    }
    return !closed || rows.some((row) => !empty(f, row))
  })
}

/** What is asked for a new line. Of what it may be made from only what belongs to the same document is offered. */
export function asked({ target, parent }: LineKind, objects: Catalogue['objects']): FieldDef[] {
  return (target.layout.create?.fields ?? [])
    .map((n) => target.fields[n])
    .filter((f): f is FieldDef => f !== undefined && f !== parent && fillable(f))
    .map((f) => {
      const source = objects[f.to ?? '']
      if (!source?.traits.includes('child_of') || !source.parent) return f
      const own: Record<string, string> = source.fields.customer ? { customer: 'customer' } : {}
      return { ...f, where: { ...own, ...f.where, [source.parent]: source.parent } }
    })
}
