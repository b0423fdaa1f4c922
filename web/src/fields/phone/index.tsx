import { Dash } from '@/ui/values'
import { filterOf } from '../shared/filterOf'
import css from '../shared/shared.module.css'
import { TextEdit } from '../shared/TextEdit'
import { asText, emptyValue } from '../shared/values'
import type { EditProps, FieldKind, ShowProps } from '../types'

/** 138 0013 8000: a mainland mobile number in the groups people read aloud; anything else as it was typed. */
export function grouped(phone: string): string {
  const m = /^(\+?86[ -]?)?(1\d{2})[ -]?(\d{4})[ -]?(\d{4})$/.exec(phone.trim())
  return m ? `${m[1] ? '+86 ' : ''}${m[2]} ${m[3]} ${m[4]}` : phone
}

function Show({ value, compact }: ShowProps) {
  if (emptyValue(value)) return <Dash />
  const phone = asText(value)
  return (
    <a
      className={`${css.link} ${compact ? css.plainLink : ''}`}
      href={`tel:${phone.replace(/[^\d+]/g, '')}`}
      onClick={(e) => e.stopPropagation()}
    >
      <span style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>{grouped(phone)}</span>
    </a>
  )
}
function Edit(props: EditProps) {
  return <TextEdit {...props} look={{ type: 'tel', inputMode: 'tel' }} />
}

export const phone: FieldKind = {
  Show,
  Edit,
  Filter: filterOf({}),
  width: 144,
  isEmpty: emptyValue,
  toText: asText,
}
