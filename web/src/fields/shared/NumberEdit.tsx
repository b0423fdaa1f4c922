import { InputNumber } from 'antd'
import type { ReactNode } from 'react'
import type { EditProps } from '../types'
import { commitKeys } from './keys'

interface Look {
  prefix?: ReactNode
  suffix?: ReactNode
  precision?: number
  min?: number | string
  max?: number | string
  /** Value leaves as a number instead of an exact string. */
  whole?: boolean
}

/** `stringMode` keeps every digit: amounts are exact strings from the server to the input and back. */
export function NumberEdit({
  field,
  value,
  onChange,
  autoFocus,
  disabled,
  id,
  status,
  onCommit,
  onCancel,
  look = {},
}: EditProps & { look?: Look }) {
  const { whole, ...rest } = look
  return (
    <InputNumber<string>
      id={id}
      stringMode
      controls={false}
      style={{ width: '100%' }}
      value={value === null || value === undefined || value === '' ? null : String(value)}
      min={field.min === undefined ? undefined : String(field.min)}
      max={field.max === undefined ? undefined : String(field.max)}
      onChange={(v) => onChange(v === null || v === '' ? null : whole ? Number(v) : String(v))}
      onBlur={onCommit}
      onKeyDown={commitKeys({ onCommit, onCancel })}
      autoFocus={autoFocus}
      disabled={disabled}
      status={status}
      inputMode="decimal"
      {...(rest as object)}
    />
  )
}
