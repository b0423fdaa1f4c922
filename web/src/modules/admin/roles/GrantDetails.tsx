import { Button, Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'
import { type Ability, recordAbilities } from '@/api/abilities'
import type { Grant } from '@/api/roles'
import type { ObjectDef } from '@/api/types'
import { FieldRights } from './FieldRights'
import css from './matrix.module.css'
import { withAbilities, withField } from './rights'

interface Props {
  object: ObjectDef
  grant: Grant
  roleAbilities: Ability[]
  disabled?: boolean
  onChange(grant: Grant): void
}

/** The finer points of one object: what else may be done with its records, and with which of their fields. */
export function GrantDetails({ object, grant, roleAbilities, disabled, onChange }: Props) {
  const { t } = useTranslation('admin')
  const inForce = grant.abilities ?? recordAbilities.filter((a) => roleAbilities.includes(a))
  return (
    <div className={css.details}>
      <h4>
        {t('roles.objectAbilities')}
        {grant.abilities ? (
          !disabled && (
            <Button type="link" size="small" onClick={() => onChange(withAbilities(grant, undefined))}>
              {t('roles.asRole')}
            </Button>
          )
        ) : (
          <span className={css.quiet}>{t('roles.followsRole')}</span>
        )}
      </h4>
      <div className={css.flags} role="group" aria-label={t('roles.objectAbilities')}>
        {recordAbilities.map((ability) => (
          <Checkbox
            key={ability}
            checked={inForce.includes(ability)}
            disabled={disabled}
            className={grant.abilities ? undefined : css.faint}
            onChange={(e) =>
              onChange(
                withAbilities(
                  grant,
                  recordAbilities.filter((a) => (a === ability ? e.target.checked : inForce.includes(a))),
                ),
              )
            }
          >
            {t(`ability.${ability}`)}
          </Checkbox>
        ))}
      </div>
      <h4>
        {t('roles.fields')}
        <span className={css.quiet}>{t('roles.fieldsText')}</span>
      </h4>
      <FieldRights
        object={object}
        value={grant.fields ?? {}}
        disabled={disabled}
        onChange={(field, right) => onChange(withField(grant, field, right))}
      />
    </div>
  )
}
