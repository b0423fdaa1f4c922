import { Checkbox, Form } from 'antd'
import { useObject } from '@/api/catalogue'
import { useRecords } from '@/api/records'
import type { FieldDef } from '@/api/types'
import { useLabel } from '@/ui/useLabel'
import css from './admin.module.css'
import { inOrder } from './roles/order'
import { useRoleDescription } from './roles/useRoleWords'

interface Props {
  field: FieldDef
  value: unknown
  onChange(roles: string[]): void
  trouble?: string
}

/** Roles one beside the other with what each lets a person see, since that is the question when one is given. */
export function RoleChoices({ field, value, onChange, trouble }: Props) {
  const label = useLabel()
  const chosen = Array.isArray(value) ? value.map(String) : []
  const describe = useRoleDescription()
  const known = useObject('role') !== undefined
  const roles = useRecords('role', { limit: 200, fields: ['code', 'description'] }, { enabled: known })
  const descriptions = new Map(
    roles.data?.pages.flatMap((p) => p.items).map((r) => [r.code, r.description]) ?? [],
  )
  return (
    <Form.Item
      label={label(field.label)}
      required
      validateStatus={trouble ? 'error' : undefined}
      help={trouble}
    >
      <div className={css.roles} role="group" aria-label={label(field.label)}>
        {inOrder(field.options ?? [], (o) => o.value).map((o) => {
          const on = chosen.includes(o.value)
          const sub = describe(o.value, descriptions.get(o.value))
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
                {sub && <span className={css.roleSub}>{sub}</span>}
              </span>
            </Checkbox>
          )
        })}
      </div>
    </Form.Item>
  )
}
