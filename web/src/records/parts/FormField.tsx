import { QuestionCircleOutlined } from '@ant-design/icons'
import { Tooltip } from 'antd'
import { useId } from 'react'
import type { FieldDef, RecordData } from '@/api/types'
import { fieldKinds } from '@/fields/registry'
import { useLabel } from '@/ui/useLabel'
import { hasMeaning, MeantEdit } from '../criteria/meaning'
import s from './parts.module.css'

interface Props {
  field: FieldDef
  value: unknown
  onChange(value: unknown): void
  /** What is typed so far: lookups are narrowed by it. */
  record?: RecordData
  error?: string
  autoFocus?: boolean
  required?: boolean
  /** Of whose records it is a field: some texts of rules are more than that. */
  object?: string
  /** Where a drawer puts the focus once it is open. */
  start?: boolean
  /** Takes the whole width of a two-column form. */
  wide?: boolean
}

/** Label, editor and the error beside it: the one form line of drawers and dialogs. */
export function FormField({
  field,
  value,
  onChange,
  record,
  error,
  autoFocus,
  required,
  wide,
  start,
  object,
}: Props) {
  const label = useLabel()
  const id = useId()
  const { Edit } = fieldKinds[field.type]
  const editor = {
    id,
    field,
    value,
    onChange,
    record,
    autoFocus,
    status: error ? ('error' as const) : undefined,
  }
  const must = required ?? field.required
  return (
    <div
      className={wide ? s.formFieldWide : s.formField}
      data-field={field.name}
      data-form-start={start || undefined}
    >
      <label htmlFor={id} className={s.formLabel}>
        {label(field.label)}
        {must && (
          <span className={s.must} aria-hidden="true">
            *
          </span>
        )}
        {field.help && (
          <Tooltip title={label(field.help)}>
            <QuestionCircleOutlined className={s.help} aria-label={label(field.help)} />
          </Tooltip>
        )}
      </label>
      {object && hasMeaning(object, field.name) ? (
        <MeantEdit {...editor} object={object} />
      ) : (
        <Edit {...editor} />
      )}
      {error && (
        <div className={s.formError} role="alert">
          {error}
        </div>
      )}
    </div>
  )
}
