import { Select } from 'antd'
import type { Scope } from '@/api/roles'
import type { ObjectDef } from '@/api/types'
import css from './matrix.module.css'
import { type Family, scopesFor } from './rights'
import { useScopeText } from './useRoleWords'

interface Props {
  of: Family | ObjectDef
  value: Scope
  label: string
  disabled?: boolean
  /** Scopes that make no sense here: changing more than is read. */
  barred?(scope: Scope): boolean
  onChange(scope: Scope): void
}

export function ScopeSelect({ of, value, label, disabled, barred, onChange }: Props) {
  const text = useScopeText()
  if (disabled) return <span className={css.scopeText}>{text(value, of)}</span>
  return (
    <Select<Scope>
      size="small"
      variant="borderless"
      className={`${css.scope} ${value === 'none' ? css.scopeNone : ''}`}
      popupMatchSelectWidth={false}
      aria-label={label}
      value={value}
      onChange={onChange}
      options={scopesFor(of, value).map((scope) => ({
        value: scope,
        label: text(scope, of),
        disabled: barred?.(scope),
      }))}
    />
  )
}
