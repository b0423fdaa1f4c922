import { CloseOutlined } from '@ant-design/icons'
import { Button, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ObjectDef, Operator } from '@/api/types'
import { useLasting } from '@/fields'
import { fieldKinds } from '@/fields/registry'
import { type Condition, carryValue, needsValue, usualOperator } from '../model/filter'
import { opKey } from '../model/words'
import { useFieldAt, useFilterFields } from '../parts/useFields'
import s from './filter.module.css'

interface Props {
  object: ObjectDef
  condition: Condition
  onChange(next: Condition): void
  onRemove(): void
}

/** One condition: field, operator, value. */
export function FilterRow({ object, condition, onChange, onRemove }: Props) {
  const { t } = useTranslation('records')
  const at = useFieldAt(object)(condition.field)
  const lasting = useLasting()
  const all = useFilterFields(object)
  const groups = lasting ? all.slice(0, 1) : all
  /** Periods are reckoned from today. */
  const usable = (ops: Operator[] | undefined) =>
    (ops ?? []).filter((op) => lasting !== true || op !== 'within')
  const plain = t as unknown as (key: string) => string
  const type = at?.field.type
  const Filter = type ? fieldKinds[type].Filter : null
  return (
    <div className={s.row}>
      <Select
        className={s.field}
        size="middle"
        showSearch={{
          filterOption: (input, option) => {
            const words = input.toLowerCase()
            const { label, value } = option as { label?: string; value?: string }
            return (label ?? '').toLowerCase().includes(words) || (value ?? '').includes(words)
          },
        }}
        value={condition.field || undefined}
        placeholder={t('filter.field')}
        aria-label={t('filter.field')}
        popupMatchSelectWidth={260}
        options={groups.map((g) => ({
          label: g.label,
          options: g.fields.map((f) => ({ value: f.path, label: f.label })),
        }))}
        onChange={(path: string) => {
          const field = groups.flatMap((g) => g.fields).find((f) => f.path === path)?.field
          const op =
            field?.type === type
              ? condition.op
              : usualOperator(field && { type: field.type, operators: usable(field.operators) })
          onChange({ key: condition.key, field: path, op, value: undefined })
        }}
      />
      <Select
        className={s.op}
        value={at ? condition.op : undefined}
        disabled={!at}
        aria-label={t('filter.operator')}
        popupMatchSelectWidth={false}
        options={usable(at?.field.operators).map((op) => ({
          value: op,
          label: plain(opKey(op, at?.field.type ?? 'text')),
        }))}
        onChange={(op: Operator) =>
          onChange({ ...condition, op, value: carryValue(condition.op, op, condition.value) })
        }
      />
      <div className={s.value}>
        {at && Filter && needsValue(condition.op) && (
          <Filter
            field={at.field}
            op={condition.op}
            value={condition.value}
            onChange={(value) => onChange({ ...condition, value })}
          />
        )}
      </div>
      <Button
        type="text"
        icon={<CloseOutlined aria-hidden />}
        aria-label={t('filter.remove')}
        onClick={onRemove}
      />
    </div>
  )
}
