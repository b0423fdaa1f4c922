import { useTranslation } from 'react-i18next'
import { useAggregate } from '@/api/records'
import type { RecordData } from '@/api/types'
import { formatNumber } from '@/ui/number'
import css from './roles.module.css'
import { useRoleName } from './useRoleWords'

interface Props {
  roles: RecordData[]
  chosen: unknown
  onChoose(code: string): void
}

export function RoleList({ roles, chosen, onChoose }: Props) {
  const { t } = useTranslation('admin')
  const name = useRoleName()
  return (
    <nav aria-label={t('roles.title')}>
      <ul className={css.list}>
        {roles.map((role) => (
          <li key={role.id}>
            <button
              type="button"
              className={`${css.item} ${role.code === chosen ? css.itemOn : ''}`}
              aria-current={role.code === chosen ? 'true' : undefined}
              onClick={() => onChoose(String(role.code))}
            >
              <span className={css.itemName}>{name(role)}</span>
              <Holders code={String(role.code)} />
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** How many people have the role; a person may have several, so each is counted by itself. */
function Holders({ code }: { code: string }) {
  const { t } = useTranslation('admin')
  const count = useAggregate('user', { measures: [{ fn: 'count' }], filter: ['roles', 'contains', code] })
  const n = count.data?.[0]?.count
  return (
    <span className={css.holders}>
      {n === undefined ? '' : t('roles.holders', { count: Number(n), shown: formatNumber(n) })}
    </span>
  )
}
