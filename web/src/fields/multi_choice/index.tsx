import { Chip } from '@/ui/Chip'
import { Dash } from '@/ui/values'
import { ChoiceEdit, ChoicesEdit } from '../shared/ChoiceEdit'
import { filterOf } from '../shared/filterOf'
import { OptionTag } from '../shared/OptionTag'
import css from '../shared/shared.module.css'
import { asStrings, emptyValue, listText, optionLabel } from '../shared/values'
import type { FieldKind, ShowProps } from '../types'

function Show({ field, value, compact }: ShowProps) {
  if (emptyValue(value)) return <Dash />
  return (
    <span className={`${css.chips} ${compact ? css.oneLine : ''}`}>
      {asStrings(value).map((v) => {
        const option = field.options?.find((o) => o.value === v)
        return option?.color ? (
          <OptionTag key={v} option={option} />
        ) : (
          <Chip key={v}>{option ? <OptionTag option={option} /> : v}</Chip>
        )
      })}
    </span>
  )
}

export const multiChoice: FieldKind = {
  Show,
  Edit: ChoicesEdit,
  Filter: filterOf({ one: ChoiceEdit, many: ChoicesEdit }),
  width: 180,
  isEmpty: emptyValue,
  toText: (v, field, { lang }) =>
    listText(
      asStrings(v).map((x) => optionLabel(field, x, lang)),
      lang,
    ),
}
