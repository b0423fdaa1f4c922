import { Form, Select } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiError } from '@/api/client'
import { useCatalogue } from '@/api/hooks'
import type { FieldDef, ObjectDef } from '@/api/types'
import { matchesText } from '@/ui/pinyin'
import { useLabel } from '@/ui/useLabel'
import { hideable } from './hideable'

interface Props {
  field: FieldDef
  /** What the pool holds. */
  object: ObjectDef | undefined
  value: unknown
  error: ApiError | null
  onChange(value: string[]): void
}

/** Which fields of what lies in the pool nobody sees before he has claimed it. */
export function HiddenFields({ field, object, value, error, onChange }: Props) {
  const { t } = useTranslation('pools')
  const label = useLabel()
  const { objects } = useCatalogue()
  const id = useId()
  const chosen = Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : []
  const trouble = error?.forField(field.name)
  const whole = object && objects[object.name]
  return (
    <Form.Item
      label={label(field.label)}
      htmlFor={id}
      extra={label(field.help) || undefined}
      validateStatus={trouble ? 'error' : undefined}
      help={trouble}
    >
      <Select
        id={id}
        mode="multiple"
        allowClear
        value={chosen}
        placeholder={t('hidden.none')}
        showSearch={{ filterOption: (q, o) => matchesText(q, String(o?.label ?? '')) }}
        options={(whole ? hideable(whole) : []).map((f) => ({ value: f.name, label: label(f.label) }))}
        onChange={onChange}
      />
    </Form.Item>
  )
}
