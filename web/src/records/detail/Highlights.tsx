import type { FieldDef, ObjectDef, RecordData } from '@/api/types'
import { useLabel } from '@/ui/useLabel'
import { InlineEdit } from '../parts/InlineEdit'
import s from './detail.module.css'
import { LastContact, lastContactField, lastContactFields } from './LastContact'

/** The few facts one opens a record for. When somebody last spoke with them comes before how to reach them. */
export function Highlights({ object, record }: { object: ObjectDef; record: RecordData }) {
  const label = useLabel()
  const contact = lastContactField(object)
  const fields = (object.layout.detail?.highlights ?? [])
    .filter((n) => !contact || !lastContactFields.includes(n))
    .map((n) => object.fields[n])
    .filter((f): f is FieldDef => f !== undefined && f.readable !== false)
  if (fields.length === 0 && !contact) return null
  return (
    <div className={s.highlights}>
      {contact && <LastContact object={object} field={contact} record={record} />}
      {fields.map((field) => (
        <div key={field.name} className={s.highlight}>
          <span className={s.factLabel}>{label(field.label)}</span>
          <InlineEdit object={object} field={field} record={record} />
        </div>
      ))}
    </div>
  )
}
