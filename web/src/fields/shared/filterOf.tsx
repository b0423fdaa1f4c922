import { Select } from 'antd'
import type { FC } from 'react'
import { useTranslation } from 'react-i18next'
import { SettledInput } from '@/ui/SettledInput'
import type { EditProps, FilterProps } from '../types'
import { PeriodPicker } from './PeriodPicker'
import { asStrings, asText } from './values'

/** Free text in a filter: settled, so that neither half a word nor half a composition is searched. */
export function TextFilter({ value, onChange }: Pick<FilterProps, 'value' | 'onChange'>) {
  const { t } = useTranslation('fields')
  return (
    <SettledInput
      value={asText(value)}
      onChange={(text) => onChange(text === '' ? null : text)}
      placeholder={t('filter.value')}
      aria-label={t('filter.value')}
      allowClear
    />
  )
}

function WordsFilter({ value, onChange }: Pick<FilterProps, 'value' | 'onChange'>) {
  const { t } = useTranslation('fields')
  return (
    <Select
      mode="tags"
      open={false}
      suffixIcon={null}
      value={asStrings(value)}
      onChange={onChange}
      tokenSeparators={[',', '，', '、', ';', '；', '\n']}
      placeholder={t('filter.manyWords')}
      aria-label={t('filter.manyWords')}
      style={{ width: '100%' }}
    />
  )
}

interface Parts {
  /** Edits one value; text when left out. */
  one?: FC<EditProps>
  /** Edits the list of `in` and `not_in`; free words when left out. */
  many?: FC<EditProps>
}

/** A filter's value editor by operator, made of the editors the type already has. */
export function filterOf({ one: One, many: Many }: Parts): FC<FilterProps> {
  // biome-ignore lint/correctness/noComponentHookFactories: called once per field type while modules load, never in a draw
  return function Filter({ field, op, value, onChange }) {
    const { t } = useTranslation('fields')
    if (op === 'is_null' || op === 'not_null') return null
    if (op === 'within') return <PeriodPicker value={value} onChange={onChange} />
    if (op === 'in' || op === 'not_in') {
      return Many ? (
        <Many field={field} value={value ?? []} onChange={onChange} />
      ) : (
        <WordsFilter value={value} onChange={onChange} />
      )
    }
    if (op === 'starts_with' || !One) return <TextFilter value={value} onChange={onChange} />
    if (op === 'between') {
      const [from, to] = Array.isArray(value) ? value : [null, null]
      return (
        <fieldset
          style={{
            display: 'flex',
            gap: 8,
            alignItems: 'center',
            border: 0,
            margin: 0,
            padding: 0,
            minWidth: 0,
          }}
        >
          <One field={field} value={from} onChange={(v) => onChange([v, to])} />
          <span>{t('filter.to')}</span>
          <One field={field} value={to} onChange={(v) => onChange([from, v])} />
        </fieldset>
      )
    }
    return <One field={field} value={value} onChange={onChange} />
  }
}
