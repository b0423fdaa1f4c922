import { Checkbox, Form } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FieldDef } from '@/api/types'
import { useLabel } from '@/ui/useLabel'
import css from './admin.module.css'

interface Props {
  field: FieldDef
  value: unknown
  onChange(roles: string[]): void
  trouble?: string
}

const told = ['member', 'manager', 'administrator'] as const
type Told = (typeof told)[number]

/** Roles one beside the other with what each lets a person see, since that is the question when one is given. */
export function RoleChoices({ field, value, onChange, trouble }: Props) {
  const { t } = useTranslation('admin')
  const label = useLabel()
  const chosen = Array.isArray(value) ? value.map(String) : []
  const options = [...(field.options ?? [])].reverse()
  return (
    <Form.Item
      label={label(field.label)}
      required
      validateStatus={trouble ? 'error' : undefined}
      help={trouble}
    >
      <div className={css.roles} role="group" aria-label={label(field.label)}>
        {options.map((o) => {
          const on = chosen.includes(o.value)
          return (
            <Checkbox
              key={o.value}
              className={`${css.role} ${on ? css.roleOn : ''}`}
              checked={on}
              onChange={(e) =>
                onChange(e.target.checked ? [...chosen, o.value] : chosen.filter((r) => r !== o.value))
              }
            >
              <span className={css.roleText}>
                <span>{label(o.label, o.value)}</span>
                {told.includes(o.value as Told) && (
                  <span className={css.roleSub}>{t(`role.${o.value as Told}`)}</span>
                )}
              </span>
            </Checkbox>
          )
        })}
      </div>
    </Form.Item>
  )
}
