import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Chip } from '@/ui/Chip'
import { Dash } from '@/ui/values'
import { filterOf, TextFilter } from '../shared/filterOf'
import css from '../shared/shared.module.css'
import { asStrings, emptyValue, listText } from '../shared/values'
import type { EditProps, FieldKind, ShowProps } from '../types'

function Show({ value, compact }: ShowProps) {
  if (emptyValue(value)) return <Dash />
  return (
    <span className={`${css.chips} ${compact ? css.oneLine : ''}`}>
      {asStrings(value).map((v) => (
        <Chip key={v}>{v}</Chip>
      ))}
    </span>
  )
}

function Edit({ value, onChange, autoFocus, disabled, id, status, onCommit, onCancel }: EditProps) {
  const { t } = useTranslation('fields')
  return (
    <Select
      id={id}
      mode="tags"
      open={false}
      suffixIcon={null}
      value={asStrings(value)}
      onChange={(v: string[]) => onChange(v.map((x) => x.trim()).filter(Boolean))}
      tokenSeparators={[',', '，', '、', ';', '；']}
      onBlur={onCommit}
      onKeyDown={(e) => {
        if (e.key === 'Escape') onCancel?.()
      }}
      placeholder={t('tags.hint')}
      aria-label={id ? undefined : t('tags.hint')}
      autoFocus={autoFocus}
      disabled={disabled}
      status={status}
      style={{ width: '100%', minWidth: 140 }}
    />
  )
}

export const tags: FieldKind = {
  Show,
  Edit,
  Filter: filterOf({ one: TextFilter }),
  width: 180,
  isEmpty: emptyValue,
  toText: (v, _, { lang }) => listText(asStrings(v), lang),
}
