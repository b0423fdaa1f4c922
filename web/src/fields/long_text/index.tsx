import { MentionText } from '@/ui/MentionText'
import { Dash } from '@/ui/values'
import { filterOf } from '../shared/filterOf'
import { commitKeys } from '../shared/keys'
import { MentionArea } from '../shared/MentionArea'
import css from '../shared/shared.module.css'
import { asText, emptyValue } from '../shared/values'
import type { EditProps, FieldKind, ShowProps } from '../types'

function Show({ value, compact }: ShowProps) {
  if (emptyValue(value)) return <Dash />
  return (
    <span className={compact ? css.line : css.words} title={compact ? asText(value) : undefined}>
      <MentionText text={asText(value)} />
    </span>
  )
}

function Edit({ value, onChange, autoFocus, disabled, id, status, onCommit, onCancel }: EditProps) {
  return (
    <MentionArea
      id={id}
      value={asText(value)}
      onChange={(text) => onChange(text === '' ? null : text)}
      onBlur={onCommit}
      onKeyDown={commitKeys({ onCommit, onCancel }, true)}
      autoSize={{ minRows: 2, maxRows: 12 }}
      autoFocus={autoFocus}
      disabled={disabled}
      status={status}
    />
  )
}

export const longText: FieldKind = {
  Show,
  Edit,
  Filter: filterOf({}),
  width: 280,
  isEmpty: emptyValue,
  toText: asText,
}
