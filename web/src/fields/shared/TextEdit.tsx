import { Input } from 'antd'
import type { HTMLInputAutoCompleteAttribute, HTMLInputTypeAttribute } from 'react'
import type { EditProps } from '../types'
import { commitKeys } from './keys'
import { asText } from './values'

interface Look {
  type?: HTMLInputTypeAttribute
  inputMode?: 'text' | 'tel' | 'email' | 'url'
  autoComplete?: HTMLInputAutoCompleteAttribute
  placeholder?: string
}

/** One line of text. Not cut off at `max_length`: what was pasted stays whole and the server's message says the limit. */
export function TextEdit({
  value,
  onChange,
  autoFocus,
  disabled,
  id,
  status,
  onCommit,
  onCancel,
  look,
}: EditProps & { look?: Look }) {
  return (
    <Input
      id={id}
      value={asText(value)}
      onChange={(e) => onChange(e.target.value === '' ? null : e.target.value)}
      onBlur={onCommit}
      onKeyDown={commitKeys({ onCommit, onCancel })}
      autoFocus={autoFocus}
      disabled={disabled}
      status={status}
      autoComplete="off"
      {...look}
    />
  )
}
