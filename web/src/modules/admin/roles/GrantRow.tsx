import { RightOutlined } from '@ant-design/icons'
import { Checkbox } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Grant } from '@/api/roles'
import type { ObjectDef } from '@/api/types'
import { Chip } from '@/ui/Chip'
import { ChosenDepartments } from './ChosenDepartments'
import css from './matrix.module.css'
import { type Family, hasChosen, type Verb, widerThan, withScope } from './rights'
import { ScopeSelect } from './ScopeSelect'

interface Props {
  of: Family | ObjectDef
  name: string
  text?: string
  grant: Grant
  state: 'default' | 'inherited' | 'own'
  disabled?: boolean
  onChange(grant: Grant): void
  tools?: ReactNode
  /** Of the finer points below the row. */
  open?: boolean
  onOpen?(): void
  /** How many of them are set. */
  finer?: number
}

export function GrantRow(props: Props) {
  const { of, name, text, grant, state, disabled, onChange, tools, open, onOpen, finer = 0 } = props
  const { t } = useTranslation('admin')
  const cell = (verb: Verb) => (
    <td data-label={t(`verb.${verb}`)}>
      <ScopeSelect
        of={of}
        value={grant[verb]}
        label={t('roles.cell', { name, verb: t(`verb.${verb}`) })}
        disabled={disabled}
        barred={verb === 'read' ? undefined : (scope) => widerThan(scope, grant.read)}
        onChange={(scope) => onChange(withScope(grant, verb, scope))}
      />
    </td>
  )
  return (
    <>
      <tr className={state === 'inherited' ? css.inherited : undefined}>
        <th scope="row" className={css.rowName}>
          <span className={css.rowHead}>
            {onOpen ? (
              <button
                type="button"
                className={css.fold}
                aria-expanded={open}
                aria-label={t('roles.detailsFor', { name })}
                onClick={onOpen}
              >
                <RightOutlined className={open ? css.foldOpen : undefined} aria-hidden /> {name}
              </button>
            ) : (
              name
            )}
            {state === 'own' && <Chip color="blue">{t('roles.own')}</Chip>}
            {finer > 0 && <Chip>{t('roles.finer', { count: finer })}</Chip>}
          </span>
          {text && <span className={css.rowText}>{text}</span>}
        </th>
        {cell('read')}
        <td data-label={t('verb.create')} className={css.narrow}>
          <Checkbox
            checked={grant.create}
            disabled={disabled}
            aria-label={t('roles.cell', { name, verb: t('verb.create') })}
            onChange={(e) => onChange({ ...grant, create: e.target.checked })}
          />
        </td>
        {cell('update')}
        {cell('delete')}
        <td className={css.tail}>{tools}</td>
      </tr>
      {hasChosen(grant) && state !== 'inherited' && (
        <tr className={css.detailsRow}>
          <td colSpan={6}>
            <ChosenDepartments
              value={grant.departments ?? []}
              disabled={disabled}
              onChange={(departments) => onChange({ ...grant, departments })}
            />
          </td>
        </tr>
      )}
    </>
  )
}
