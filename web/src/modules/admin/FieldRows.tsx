import { Form } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiError } from '@/api/client'
import type { ObjectDef, RecordData } from '@/api/types'
import { kindOf } from '@/fields'
import { useLabel } from '@/ui/useLabel'

interface Props {
  object: ObjectDef
  names: string[]
  values: Record<string, unknown>
  onChange(name: string, value: unknown): void
  error: ApiError | null
  /** Names of required fields left empty when the form was sent. */
  missing: string[]
  disabled?: boolean
  /** Does not take the focus: it stands on a page, not in a dialog. */
  calm?: boolean
}

/** Label, editor and error of some fields of an object, from the catalogue. */
export function FieldRows({ object, names, values, onChange, error, missing, disabled, calm }: Props) {
  const { t } = useTranslation('admin')
  const label = useLabel()
  const base = useId()
  return names.map((name, i) => {
    const field = object.fields[name]
    if (!field || field.writable === false) return null
    const { Edit } = kindOf(field)
    const trouble =
      error?.forField(name) ??
      (missing.includes(name) ? t('required', { field: label(field.label) }) : undefined)
    return (
      <Form.Item
        key={name}
        label={label(field.label)}
        htmlFor={`${base}-${name}`}
        required={field.required && name !== 'login'}
        extra={label(field.help) || undefined}
        validateStatus={trouble ? 'error' : undefined}
        help={trouble}
      >
        <Edit
          id={`${base}-${name}`}
          field={field}
          value={values[name] ?? null}
          record={values as RecordData}
          onChange={(v) => onChange(name, v)}
          autoFocus={i === 0 && !calm}
          disabled={disabled}
          status={trouble ? 'error' : undefined}
        />
      </Form.Item>
    )
  })
}

/** Required fields that are empty; a default or the server fills the login. */
export const missingOf = (object: ObjectDef, names: string[], values: Record<string, unknown>) =>
  names.filter((name) => {
    const field = object.fields[name]
    if (!field?.required || field.writable === false || name === 'login') return false
    return kindOf(field).isEmpty(values[name])
  })
