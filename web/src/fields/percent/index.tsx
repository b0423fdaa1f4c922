import { formatPercent } from '@/ui/number'
import { Dash, Numeric } from '@/ui/values'
import { filterOf } from '../shared/filterOf'
import { NumberEdit } from '../shared/NumberEdit'
import { emptyValue } from '../shared/values'
import type { EditProps, FieldKind, ShowProps } from '../types'

function Show({ value }: ShowProps) {
  return emptyValue(value) ? <Dash /> : <Numeric>{formatPercent(value)}</Numeric>
}
function Edit(props: EditProps) {
  return <NumberEdit {...props} look={{ suffix: '%' }} />
}

export const percent: FieldKind = {
  Show,
  Edit,
  Filter: filterOf({ one: Edit }),
  align: 'right',
  width: 96,
  isEmpty: emptyValue,
  toText: (v) => (emptyValue(v) ? '' : formatPercent(v)),
}
