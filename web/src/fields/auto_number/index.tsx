import { Dash } from '@/ui/values'
import { filterOf } from '../shared/filterOf'
import { asText, emptyValue } from '../shared/values'
import type { EditProps, FieldKind, ShowProps } from '../types'

function Show({ value }: ShowProps) {
  if (emptyValue(value)) return <Dash />
  return <span style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>{asText(value)}</span>
}

/** Given by the server; in a form it is shown as it is, or as the dash it has until the record is saved. */
function Edit({ field, value, record }: EditProps) {
  return <Show field={field} value={value} record={record} />
}

export const autoNumber: FieldKind = {
  Show,
  Edit,
  Filter: filterOf({}),
  width: 160,
  isEmpty: emptyValue,
  toText: asText,
}
