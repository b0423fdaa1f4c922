import { ApartmentOutlined, SafetyOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { ObjectDef, RecordData } from '@/api/types'
import { asRefs } from '@/fields'
import { Person } from '@/ui/Avatar'
import { useLabel } from '@/ui/useLabel'
import css from './sharing.module.css'

/** With whom a rule shares: people, departments with all below, and whoever has a role. */
export function SharedWith({ object, rule }: { object: ObjectDef; rule: RecordData }) {
  const { t } = useTranslation('admin')
  const label = useLabel()
  const roles = Array.isArray(rule.roles) ? rule.roles.map(String) : []
  const options = object.fields.roles?.options ?? []
  return (
    <span className={css.whom}>
      {asRefs(rule.users).map((who) => (
        <Person key={who.id} who={who} />
      ))}
      {asRefs(rule.departments).map((d) => (
        <span key={d.id} className={css.group} title={t('sharing.withBelow')}>
          <ApartmentOutlined aria-hidden /> {d.title}
        </span>
      ))}
      {roles.map((code) => (
        <span key={code} className={css.group}>
          <SafetyOutlined aria-hidden />{' '}
          {t('sharing.roleOf', { name: label(options.find((o) => o.value === code)?.label, code) })}
        </span>
      ))}
    </span>
  )
}
