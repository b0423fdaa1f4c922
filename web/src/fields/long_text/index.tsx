import { Input } from 'antd'
import { Dash } from '@/ui/values'
import { filterOf } from '../shared/filterOf'
import { commitKeys } from '../shared/keys'
import css from '../shared/shared.module.css'
import { asText, emptyValue } from '../shared/values'
import type { EditProps, FieldKind, ShowProps } from '../types'

function Show({ value, compact }: ShowProps) {
  if (emptyValue(value)) return <Dash />
  return (
    <span className={compact ? css.line : css.words} title={compact ? asText(value) : undefined}>
      {asText(value)}
    </span>
  )
}

function Edit({ value, onChange, autoFocus, disabled, id, status, onCommit, onCancel }: EditProps) {
  return (
    <Input.TextArea
      id={id}
      value={asText(value)}
      onChange={(e) => onChange(e.target.value === '' ? null : e.target.value)}
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
