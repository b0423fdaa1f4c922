import type { FieldDef } from '@/api/types'
import { formatNumber } from '@/ui/number'
import { Dash, Numeric } from '@/ui/values'
import { filterOf } from '../shared/filterOf'
import { NumberEdit } from '../shared/NumberEdit'
import { emptyValue } from '../shared/values'
import { isYear } from '../shared/year'
import type { EditProps, FieldKind, ShowProps } from '../types'

const textOf = (value: unknown, field: FieldDef) => (isYear(field) ? String(value) : formatNumber(value))

function Show({ value, field }: ShowProps) {
  return emptyValue(value) ? <Dash /> : <Numeric>{textOf(value, field)}</Numeric>
}
function Edit(props: EditProps) {
  return <NumberEdit {...props} look={{ precision: 0, whole: true }} />
}

export const integer: FieldKind = {
  Show,
  Edit,
  Filter: filterOf({ one: Edit }),
  align: 'right',
  width: 110,
  isEmpty: emptyValue,
  toText: (v, field) => (emptyValue(v) ? '' : textOf(v, field)),
}
