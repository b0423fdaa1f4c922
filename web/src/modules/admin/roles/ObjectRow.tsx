import { RollbackOutlined } from '@ant-design/icons'
import { Button, Tooltip } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rights } from '@/api/roles'
import type { ObjectDef } from '@/api/types'
import { useLabel } from '@/ui/useLabel'
import { GrantDetails } from './GrantDetails'
import { GrantRow } from './GrantRow'
import css from './matrix.module.css'
import { grantOf, hasOwn, inheriting, withGrant } from './rights'

interface Props {
  object: ObjectDef
  rights: Rights
  onChange(rights: Rights): void
  disabled?: boolean
}

/** An object's line. As long as it follows its default it is grey; the first change makes it its own. */
export function ObjectRow({ object, rights, onChange, disabled }: Props) {
  const { t } = useTranslation('admin')
  const label = useLabel()
  const [open, setOpen] = useState(false)
  const own = hasOwn(rights, object.name)
  const grant = grantOf(rights, object)
  const name = label(object.label, object.name)
  const finer = Object.keys(grant.fields ?? {}).length + (own && grant.abilities ? 1 : 0)
  return (
    <>
      <GrantRow
        of={object}
        name={name}
        grant={grant}
        state={own ? 'own' : 'inherited'}
        disabled={disabled}
        onChange={(next) => onChange(withGrant(rights, object, next))}
        open={open}
        onOpen={() => setOpen(!open)}
        finer={finer}
        tools={
          own &&
          !disabled && (
            <Tooltip title={t('roles.inherit')}>
              <Button
                type="text"
                size="small"
                icon={<RollbackOutlined aria-hidden />}
                aria-label={t('roles.inheritFor', { name })}
                onClick={() => onChange(inheriting(rights, object.name))}
              />
            </Tooltip>
          )
        }
      />
      {open && (
        <tr className={css.detailsRow}>
          <td colSpan={6}>
            <GrantDetails
              object={object}
              grant={grant}
              roleAbilities={rights.abilities}
              disabled={disabled}
              onChange={(next) => onChange(withGrant(rights, object, next))}
            />
          </td>
        </tr>
      )}
    </>
  )
}
