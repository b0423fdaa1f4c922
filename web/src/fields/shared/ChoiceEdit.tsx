import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { matchesText } from '@/ui/pinyin'
import { useFieldWord, useLang } from '@/ui/useLabel'
import type { EditProps } from '../types'
import { OptionTag } from './OptionTag'
import { asStrings, asText, emptyValue, optionLabel } from './values'

/** Options are searched by their words in both languages and by pinyin initials. */
function useOptions(field: EditProps['field']) {
  const lang = useLang()
  return (field.options ?? []).map((o) => ({
    value: o.value,
    label: <OptionTag option={o} />,
    title: optionLabel(field, o.value, lang),
    words: [o.label.zh, o.label.en, o.value],
  }))
}

export function ChoiceEdit({
  field,
  value,
  onChange,
  autoFocus,
  disabled,
  id,
  status,
  onCommit,
  onCancel,
}: EditProps) {
  const { t } = useTranslation('fields')
  const options = useOptions(field)
  const name = useFieldWord(field)
  return (
    <Select
      id={id}
      options={options}
      value={emptyValue(value) ? undefined : asText(value)}
      onChange={(v: string | undefined) => {
        onChange(v ?? null)
        onCommit?.()
      }}
      onBlur={onCommit}
      onKeyDown={(e) => {
        if (e.key === 'Escape') onCancel?.()
      }}
      allowClear={!field.required}
      showSearch={{
        filterOption: (q, o) => matchesText(q, ...(o?.words ?? [])),
      }}
      placeholder={id ? t('pick') : t('choose', { field: name })}
      aria-label={id ? undefined : t('choose', { field: name })}
      autoFocus={autoFocus}
      defaultOpen={autoFocus && onCommit !== undefined}
      disabled={disabled}
      status={status}
      popupMatchSelectWidth={false}
      style={{ width: '100%', minWidth: 120 }}
    />
  )
}

export function ChoicesEdit({
  field,
  value,
  onChange,
  autoFocus,
  disabled,
  id,
  status,
  onCommit,
  onCancel,
}: EditProps) {
  const { t } = useTranslation('fields')
  const options = useOptions(field)
  const name = useFieldWord(field)
  return (
    <Select
      id={id}
      mode="multiple"
      options={options}
      value={asStrings(value)}
      onChange={(v: string[]) => onChange(v)}
      onBlur={onCommit}
      onKeyDown={(e) => {
        if (e.key === 'Escape') onCancel?.()
      }}
      showSearch={{ filterOption: (q, o) => matchesText(q, ...(o?.words ?? [])) }}
      placeholder={id ? t('pickMany') : t('chooseMany', { field: name })}
      aria-label={id ? undefined : t('chooseMany', { field: name })}
      maxTagCount="responsive"
      autoFocus={autoFocus}
      defaultOpen={autoFocus && onCommit !== undefined}
      disabled={disabled}
      status={status}
      popupMatchSelectWidth={false}
      style={{ width: '100%', minWidth: 140 }}
    />
  )
}
