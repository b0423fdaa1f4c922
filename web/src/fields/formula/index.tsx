import type { FieldDef, FieldType } from '@/api/types'
import { fieldKinds } from '../registry'
import { text } from '../text'
import type { EditProps, FieldKind, FilterProps, ShowProps } from '../types'

/** A formula looks and filters as what it yields; nobody types into it. */
function inner(field: FieldDef): FieldKind {
  const returns: FieldType | undefined = field.returns
  return returns && returns !== 'formula' ? fieldKinds[returns] : text
}

function Show(props: ShowProps) {
  const { Show: Inner } = inner(props.field)
  return <Inner {...props} />
}
function Edit({ field, value, record }: EditProps) {
  return <Show field={field} value={value} record={record} />
}
function Filter(props: FilterProps) {
  const { Filter: Inner } = inner(props.field)
  return <Inner {...props} />
}

export const formula: FieldKind = {
  Show,
  Edit,
  Filter,
  // Nearly all formulas reckon amounts; `kindOf` gives the alignment of what this one yields.
  align: 'right',
  width: 140,
  isEmpty: (v) => v === null || v === undefined || v === '',
  toText: (v, field, ctx) => inner(field).toText(v, field, ctx),
}
