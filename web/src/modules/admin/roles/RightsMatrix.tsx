import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import type { Rights } from '@/api/roles'
import { Icon } from '@/ui/Icon'
import { useLabel } from '@/ui/useLabel'
import { GrantRow } from './GrantRow'
import matrix from './matrix.module.css'
import { ObjectRow } from './ObjectRow'
import { designable, families } from './rights'
import css from './roles.module.css'

interface Props {
  rights: Rights
  onChange(rights: Rights): void
  disabled?: boolean
}

/** Objects down, what may be done with their records across. The three defaults stand first: most objects follow them. */
export function RightsMatrix({ rights, onChange, disabled }: Props) {
  const { t } = useTranslation('admin')
  const label = useLabel()
  const { modules, objects } = useCatalogue()
  const all = Object.values(objects).filter(designable)
  const names = [...new Set([...modules.map((m) => m.name), ...all.map((o) => o.module)])]
  const groups = names
    .map((name) => ({
      name,
      of: modules.find((m) => m.name === name),
      objects: all.filter((o) => o.module === name),
    }))
    .filter((g) => g.objects.length > 0)

  return (
    <section className={css.part}>
      <h3>{t('roles.records')}</h3>
      <p className={css.partText}>{t('roles.recordsText')}</p>
      <table className={matrix.matrix}>
        <thead>
          <tr>
            <th scope="col">{t('roles.object')}</th>
            <th scope="col">{t('verb.read')}</th>
            <th scope="col" className={matrix.narrow}>
              {t('verb.create')}
            </th>
            <th scope="col">{t('verb.update')}</th>
            <th scope="col">{t('verb.delete')}</th>
            <th scope="col" className={matrix.tail}>
              <span className="gx-visually-hidden">{t('actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="rowgroup" colSpan={6} className={matrix.group}>
              {t('roles.defaults')}
            </th>
          </tr>
          {families.map((family) => (
            <GrantRow
              key={family}
              of={family}
              name={t(`family.${family}`)}
              text={t(`familyText.${family}`)}
              grant={rights[family]}
              state="default"
              disabled={disabled}
              onChange={(grant) => onChange({ ...rights, [family]: grant })}
            />
          ))}
          {groups.map((g) => (
            <Fragment key={g.name}>
              <tr>
                <th scope="rowgroup" colSpan={6} className={matrix.group}>
                  <Icon name={g.of?.icon} /> {label(g.of?.label, g.name)}
                </th>
              </tr>
              {g.objects.map((object) => (
                <ObjectRow
                  key={object.name}
                  object={object}
                  rights={rights}
                  onChange={onChange}
                  disabled={disabled}
                />
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  )
}
