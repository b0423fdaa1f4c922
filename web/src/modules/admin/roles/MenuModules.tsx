import { Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import type { Rights } from '@/api/roles'
import { useLabel } from '@/ui/useLabel'
import css from './roles.module.css'

interface Props {
  rights: Rights
  onChange(rights: Rights): void
  disabled?: boolean
}

/** Which modules stand in the menu. Leaving one out tidies the page; it takes no right away. */
export function MenuModules({ rights, onChange, disabled }: Props) {
  const { t } = useTranslation('admin')
  const label = useLabel()
  const { modules } = useCatalogue()
  const hidden = rights.hidden_modules ?? []
  const shown = modules.filter((m) => m.objects.length > 0 || hidden.includes(m.name))
  return (
    <section className={css.part}>
      <h3>{t('roles.menu')}</h3>
      <p className={css.partText}>{t('roles.menuText')}</p>
      <div className={css.modules} role="group" aria-label={t('roles.menu')}>
        {shown.map((m) => (
          <Checkbox
            key={m.name}
            checked={!hidden.includes(m.name)}
            disabled={disabled}
            onChange={(e) =>
              onChange({
                ...rights,
                hidden_modules: e.target.checked ? hidden.filter((n) => n !== m.name) : [...hidden, m.name],
              })
            }
          >
            {label(m.label)}
          </Checkbox>
        ))}
      </div>
    </section>
  )
}
