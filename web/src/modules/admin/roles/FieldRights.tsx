import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FieldRight } from '@/api/roles'
import type { ObjectDef } from '@/api/types'
import { useLabel } from '@/ui/useLabel'
import css from './matrix.module.css'
import { restrictable, rightsFor } from './rights'

interface Props {
  object: ObjectDef
  value: Record<string, FieldRight>
  disabled?: boolean
  onChange(field: string, right: FieldRight | undefined): void
}

/** Every field with what may be done with it; those that follow their definition stay quiet. */
export function FieldRights({ object, value, disabled, onChange }: Props) {
  const { t } = useTranslation('admin')
  const label = useLabel()
  return (
    <ul className={css.fields}>
      {Object.values(object.fields)
        .filter(restrictable)
        .map((field) => {
          const right = value[field.name]
          const name = label(field.label, field.name)
          return (
            <li key={field.name} className={right ? css.fieldSet : undefined}>
              <span className={css.fieldName} title={name}>
                {name}
              </span>
              {disabled ? (
                <span className={css.scopeText}>{t(`fieldRight.${right ?? 'definition'}`)}</span>
              ) : (
                <Select<FieldRight | 'definition'>
                  size="small"
                  variant="borderless"
                  className={`${css.scope} ${right ? '' : css.scopeNone}`}
                  popupMatchSelectWidth={false}
                  aria-label={t('roles.fieldFor', { name })}
                  value={right ?? 'definition'}
                  onChange={(next) => onChange(field.name, next === 'definition' ? undefined : next)}
                  options={(['definition', ...rightsFor(field)] as const).map((r) => ({
                    value: r,
                    label: t(`fieldRight.${r}`),
                  }))}
                />
              )}
            </li>
          )
        })}
    </ul>
  )
}
