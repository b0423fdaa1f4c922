/** What the archive of a customer still lacks, as the server reckons `completeness` (docs/customers.md, "Archive"). */
import type { FieldDef, ObjectDef, RecordData } from '@/api/types'
import { kindOf } from '@/fields/registry'

/** Any field of a group fills it. */
const COMPANY = [
  ['industry'],
  ['source'],
  ['region'],
  ['address'],
  ['phone', 'mobile'],
  ['email', 'website'],
  ['level'],
  ['tax_number'],
  ['invoice_title'],
  ['employees'],
  ['established'],
]
const PERSON = [['phone', 'mobile'], ['email'], ['source'], ['region'], ['address'], ['level']]

/** The groups of fields that are empty. What the viewer cannot read may be filled in: it is not called missing. */
export function missingOf(object: ObjectDef, record: RecordData): FieldDef[][] {
  const asked = record.kind === 'person' ? PERSON : COMPANY
  return asked.flatMap((names) => {
    const fields = names.map((n) => object.fields[n]).filter((f): f is FieldDef => f !== undefined)
    const known = fields.length === names.length && fields.every((f) => f.readable !== false && !f.hidden)
    const empty = fields.every((f) => kindOf(f).isEmpty(record[f.name]))
    return known && empty ? [fields] : []
  })
}
