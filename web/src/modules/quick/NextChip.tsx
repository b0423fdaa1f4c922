import { CalendarOutlined, CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldDef } from '@/api/types'
import { fieldKinds } from '@/fields/registry'
import { fullTime, relativeTime } from '@/ui/time'
import css from './quick.module.css'

interface Props {
  field: FieldDef
  value: string | null
  /** The words it was read from; it was picked by hand without. */
  from: string | undefined
  onChange(value: string | null): void
}

/** The next contact: read from the text, changed with a click, removed with another. */
export function NextChip({ field, value, from, onChange }: Props) {
  const { t } = useTranslation('quick')
  const [editing, setEditing] = useState(false)
  if (editing) {
    const { Edit } = fieldKinds[field.type]
    return (
      <span className={css.nextEdit}>
        <Edit
          field={field}
          value={value}
          autoFocus
          onChange={(v) => {
            onChange(typeof v === 'string' ? v : null)
            setEditing(false)
          }}
          onCommit={() => setEditing(false)}
          onCancel={() => setEditing(false)}
        />
      </span>
    )
  }
  if (value === null) {
    return (
      <Button size="small" type="dashed" icon={<PlusOutlined aria-hidden />} onClick={() => setEditing(true)}>
        {t('next.add')}
      </Button>
    )
  }
  const when = relativeTime(value)
  return (
    <span className={css.chip} title={from ? t('next.from', { text: from }) : undefined}>
      <button
        type="button"
        className={css.chipMain}
        aria-label={t('next.change', { when: fullTime(value) })}
        onClick={() => setEditing(true)}
      >
        <CalendarOutlined aria-hidden /> {t('next.is', { when })}
        <span className={css.chipFull}>{fullTime(value)}</span>
      </button>
      <button
        type="button"
        className={css.chipX}
        aria-label={t('next.remove')}
        onClick={() => onChange(null)}
      >
        <CloseOutlined aria-hidden />
      </button>
    </span>
  )
}
