import { App, InputNumber } from 'antd'
import { type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { readNumber } from '@/ui/understand/number'
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
  const { t } = useTranslation('fields')
  const { message } = App.useApp()
  const typed = useRef('')
  const leave = () => {
    // What is no number cannot stay: say so, instead of a field that is empty again without a word.
    const text = typed.current.trim()
    typed.current = ''
    if (readNumber(text) === undefined) void message?.warning(t('notANumber', { text: text.slice(0, 40) }), 4)
    onCommit?.()
  }
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
      onInput={(text) => {
        typed.current = text
      }}
      parser={(text) => readNumber(text ?? '') ?? String(text)}
      onBlur={leave}
      onKeyDown={commitKeys({ onCommit, onCancel })}
      autoFocus={autoFocus}
      disabled={disabled}
      status={status}
      inputMode="decimal"
      {...(rest as object)}
    />
  )
}
