import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { type Ability, type RecordAbility, recordAbilities } from '@/api/abilities'
import type { FieldRight, Given, ObjectRights } from '@/api/roles'
import type { ObjectDef } from '@/api/types'
import { formatNumber } from '@/ui/number'
import { useLabel } from '@/ui/useLabel'
import { widest } from './given'
import css from './matrix.module.css'
import { restrictable } from './rights'
import { useScopeText } from './useRoleWords'

interface Props {
  object: ObjectDef
  rights: ObjectRights
  /** Names of his roles by code. */
  roles: Map<string, string>
  /** His abilities whatever the object. */
  wide: Ability[]
}

const limits: FieldRight[] = ['none', 'masked', 'read']

export function UserRightsRow({ object, rights, roles, wide }: Props) {
  const { t } = useTranslation('admin')
  const label = useLabel()
  const text = useScopeText()
  const name = (code: string) => roles.get(code) ?? code
  // With one role there is nothing to tell apart.
  const several = roles.size > 1
  const by = (codes: string[]) =>
    several && codes.length > 0 && <span className={css.by}>{codes.map(name).join(t('comma'))}</span>

  const cell = (verb: 'read' | 'update' | 'delete') => {
    const given: Given = rights[verb]
    const { scope, codes } = widest(given)
    const all = Object.entries(given).map(([code, s]) =>
      t('userRights.by', { role: name(code), scope: text(s, object) }),
    )
    return (
      <td data-label={t(`verb.${verb}`)}>
        {scope === 'none' ? (
          <span className={css.nothing}>{text('none')}</span>
        ) : (
          <Tooltip title={all.join(t('semicolon'))}>
            <span>
              {text(scope, object)}
              {by(codes)}
            </span>
          </Tooltip>
        )}
      </td>
    )
  }
  const restricted = limits.flatMap((limit) => {
    const names = Object.values(object.fields)
      .filter((f) => restrictable(f) && rights.fields[f.name] === limit)
      .map((f) => label(f.label, f.name))
    return names.length > 0
      ? [t('userRights.limit', { limit: t(`fieldRight.${limit}`), fields: names.join(t('comma')) })]
      : []
  })
  // What holds everywhere stands above the table; here only what is different.
  const has = (a: RecordAbility) => rights.abilities[a] !== undefined
  const missing = recordAbilities.filter((a) => wide.includes(a) && !has(a))
  const extra = recordAbilities.filter((a) => !wide.includes(a) && has(a))
  const list = (abilities: RecordAbility[]) => abilities.map((a) => t(`ability.${a}`)).join(t('comma'))
  const reads = Object.keys(rights.read).length > 0
  return (
    <tr>
      <th scope="row" className={css.rowName}>
        {label(object.label, object.name)}
        {reads && (
          <>
            {restricted.map((line) => (
              <span key={line} className={css.rowText}>
                {line}
              </span>
            ))}
            {missing.length > 0 && (
              <span className={css.rowText}>{t('userRights.without', { abilities: list(missing) })}</span>
            )}
            {extra.length > 0 && (
              <span className={css.rowText}>{t('userRights.also', { abilities: list(extra) })}</span>
            )}
          </>
        )}
      </th>
      {cell('read')}
      <td data-label={t('verb.create')}>
        {rights.create.length > 0 ? (
          <span>
            {t('userRights.yes')}
            {by(rights.create)}
          </span>
        ) : (
          <span className={css.nothing}>{text('none')}</span>
        )}
      </td>
      {cell('update')}
      {cell('delete')}
      <td data-label={t('userRights.visible')} className={css.figure}>
        {formatNumber(rights.visible)}
      </td>
    </tr>
  )
}
