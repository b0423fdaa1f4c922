import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalogue'
import type { FieldDef } from '@/api/types'
import { kindOf } from '@/fields'
import css from './matrix.module.css'

interface Props {
  value: string[]
  disabled?: boolean
  onChange(departments: string[]): void
}

/** The departments that the scope `chosen` means, picked as in a filter. */
export function ChosenDepartments({ value, disabled, onChange }: Props) {
  const { t } = useTranslation('admin')
  const department = useObject('department')
  const field: FieldDef = {
    name: 'departments',
    type: 'department',
    to: 'department',
    label: department?.label ?? { zh: '', en: '' },
    operators: ['in'],
  }
  const { Filter } = kindOf(field)
  return (
    <div className={css.chosen}>
      <span>{t('roles.chosen')}</span>
      {disabled ? (
        t('roles.chosenCount', { count: value.length })
      ) : (
        <Filter
          field={field}
          op="in"
          value={value}
          onChange={(v) => onChange(Array.isArray(v) ? v.map(String) : [])}
        />
      )}
    </div>
  )
}
