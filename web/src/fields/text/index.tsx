import { Dash } from '@/ui/values'
import { filterOf } from '../shared/filterOf'
import css from '../shared/shared.module.css'
import { TextEdit } from '../shared/TextEdit'
import { asText, emptyValue } from '../shared/values'
import type { FieldKind, ShowProps } from '../types'

export function TextShow({ value, compact }: ShowProps) {
  if (emptyValue(value)) return <Dash />
  return <span className={compact ? css.line : css.words}>{asText(value)}</span>
}

export const text: FieldKind = {
  Show: TextShow,
  Edit: TextEdit,
  Filter: filterOf({}),
  width: 180,
  isEmpty: emptyValue,
  toText: asText,
}
