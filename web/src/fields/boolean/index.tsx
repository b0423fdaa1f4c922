import { Select, Switch } from 'antd'
import i18n from 'i18next'
import { useTranslation } from 'react-i18next'
import { useLabel } from '@/ui/useLabel'
import { Dash } from '@/ui/values'
import { filterOf } from '../shared/filterOf'
import type { EditProps, FieldKind, ShowProps } from '../types'

const empty = (v: unknown) => typeof v !== 'boolean'

function Show({ value }: ShowProps) {
  const { t } = useTranslation('fields')
  return empty(value) ? <Dash /> : <span>{t(value ? 'yes' : 'no')}</span>
}

function Edit({ field, value, onChange, autoFocus, disabled, id, onCommit, onCancel }: EditProps) {
  const { t } = useTranslation('fields')
  const label = useLabel()
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only hears the Esc that bubbles up from the switch
    <span
      onKeyDown={(e) => {
        if (e.key === 'Escape') onCancel?.()
      }}
    >
      <Switch
        id={id}
        checked={value === true}
        onChange={(checked) => {
          onChange(checked)
          onCommit?.()
        }}
        autoFocus={autoFocus}
        disabled={disabled}
        checkedChildren={t('yes')}
        unCheckedChildren={t('no')}
        aria-label={id ? undefined : label(field.label)}
      />
    </span>
  )
}

function Pick({ value, onChange }: EditProps) {
  const { t } = useTranslation('fields')
  return (
    <Select
      value={typeof value === 'boolean' ? String(value) : undefined}
      onChange={(v: string) => onChange(v === 'true')}
      placeholder={t('filter.value')}
      aria-label={t('filter.value')}
      style={{ width: '100%' }}
      options={[
        { value: 'true', label: t('yes') },
        { value: 'false', label: t('no') },
      ]}
    />
  )
}

export const boolean: FieldKind = {
  Show,
  Edit,
  Filter: filterOf({ one: Pick }),
  width: 88,
  isEmpty: empty,
  toText: (v) => (empty(v) ? '' : i18n.t(v ? 'yes' : 'no', { ns: 'fields' })),
}
