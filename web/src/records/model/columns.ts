/** Which columns a list shows, in what order and how wide; the person's choice lies over the catalogue's. */

import type { FieldDef, ObjectDef } from '@/api/types'

export interface ColumnPrefs {
  columns?: string[]
  widths?: Record<string, number>
}

export const MIN_WIDTH = 72
export const MAX_WIDTH = 640
/** A name widens its column as far as here; beside it stand padding and the mark of the order. */
const WIDEST_NAME = 208
const AROUND_NAME = 40

/** Fields a person may put into a list. Long texts and files stay out: they have no use in one line. */
export const listable = (object: ObjectDef): FieldDef[] =>
  Object.values(object.fields).filter(
    (f) => f.readable !== false && f.type !== 'long_text' && f.name !== 'version',
  )

export function visibleColumns(object: ObjectDef, chosen: string[] | undefined): FieldDef[] {
  const wanted = chosen?.length ? chosen : (object.layout.list?.columns ?? [])
  const fields = wanted
    .map((name) => object.fields[name])
    .filter((f): f is FieldDef => f !== undefined && f.readable !== false)
  const title = object.fields[object.title]
  // The title opens the record, so it is always there, first.
  if (title && !fields.some((f) => f.name === title.name)) fields.unshift(title)
  if (fields.length) return fields
  return listable(object).slice(0, 6)
}

export const clampWidth = (width: number): number =>
  Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)))

/** What the name of a column takes at 13 px: an ideograph is a square, other letters are about half of one. */
const nameWidth = (name: string): number =>
  [...name].reduce((sum, c) => sum + (/[\u2E80-\uFFEF]/.test(c) ? 13 : 7.2), 0)

/** As wide as its kind asks for, wider where the name or a choice would be cut; a very long name stands in full in its hint. */
export const columnWidth = (kind: number, name: string, choices: string[] = []): number =>
  Math.max(
    kind,
    Math.min(WIDEST_NAME, Math.round(Math.max(...[name, ...choices].map(nameWidth))) + AROUND_NAME),
  )

/** Moves one column before another; `null` puts it last. */
export function moveColumn(columns: string[], name: string, before: string | null): string[] {
  if (name === before) return columns
  const rest = columns.filter((c) => c !== name)
  const at = before === null ? rest.length : rest.indexOf(before)
  return at < 0 ? columns : [...rest.slice(0, at), name, ...rest.slice(at)]
}

/** Columns whose sum means something: not what names a day or a year, nor what a rule allows at most, which both have a largest value. */
export const summable = (field: FieldDef): boolean => {
  const type = field.type === 'formula' ? field.returns : field.type
  return (
    (type === 'money' || type === 'integer' || type === 'decimal') &&
    field.name !== 'version' &&
    (field.max === undefined || field.max === null)
  )
}
