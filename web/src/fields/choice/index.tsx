import { Dash } from '@/ui/values'
import { ChoiceEdit, ChoicesEdit } from '../shared/ChoiceEdit'
import { filterOf } from '../shared/filterOf'
import { OptionTag } from '../shared/OptionTag'
import { asText, emptyValue, optionLabel } from '../shared/values'
import type { FieldKind, ShowProps } from '../types'

function Show({ field, value }: ShowProps) {
  if (emptyValue(value)) return <Dash />
  const option = field.options?.find((o) => o.value === value)
  // An option that was taken out of the definition still shows its value on old records.
  return option ? <OptionTag option={option} /> : <span>{asText(value)}</span>
}

export const choice: FieldKind = {
  Show,
  Edit: ChoiceEdit,
  Filter: filterOf({ one: ChoiceEdit, many: ChoicesEdit }),
  width: 120,
  isEmpty: emptyValue,
  toText: (v, field, { lang }) => (emptyValue(v) ? '' : optionLabel(field, asText(v), lang)),
}
