import { Dash } from '@/ui/values'
import { filterOf } from '../shared/filterOf'
import css from '../shared/shared.module.css'
import { TextEdit } from '../shared/TextEdit'
import { asText, emptyValue } from '../shared/values'
import type { EditProps, FieldKind, ShowProps } from '../types'

function Show({ value, compact }: ShowProps) {
  if (emptyValue(value)) return <Dash />
  return (
    <a
      className={`${css.link} ${compact ? css.line : css.words}`}
      href={`mailto:${encodeURI(asText(value))}`}
      onClick={(e) => e.stopPropagation()}
    >
      {asText(value)}
    </a>
  )
}
function Edit(props: EditProps) {
  // Not type="email": the browser would refuse in its own words and language; the server says what is wrong.
  return <TextEdit {...props} look={{ inputMode: 'email' }} />
}

export const email: FieldKind = {
  Show,
  Edit,
  Filter: filterOf({}),
  width: 200,
  isEmpty: emptyValue,
  toText: asText,
}
