import { Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue } from '@/api/catalogue'
import { useUpdate } from '@/api/mutations'
import type { ObjectDef, RecordData } from '@/api/types'
import { kindOf } from '@/fields'
import { readCriteria } from '@/records/criteria/criteria'
import { useFilterWords } from '@/records/parts/useFilterWords'
import { useLabel } from '@/ui/useLabel'
import admin from '../admin.module.css'
import { SharedWith } from './SharedWith'
import css from './sharing.module.css'

interface Props {
  object: ObjectDef
  rule: RecordData
  onEdit(rule: RecordData): void
}

export function RuleRow({ object, rule, onEdit }: Props) {
  const { t } = useTranslation('admin')
  const label = useLabel()
  const { objects } = useCatalogue()
  const update = useUpdate(object.name)
  const target = objects[String(rule.object)]
  const name = String(rule.name ?? '')
  const level = object.fields.level
  const Level = level && kindOf(level).Show
  const may = can(object, 'update')
  const on = rule.active === true
  return (
    <tr className={on ? undefined : admin.off}>
      <td className={css.first}>
        <button type="button" className={admin.name} onClick={() => onEdit(rule)}>
          {name}
        </button>
      </td>
      <td data-label={label(object.fields.object?.label)}>{label(target?.plural, String(rule.object))}</td>
      <td data-label={label(object.fields.criteria?.label)} className={css.wide}>
        {target ? <Words object={target} criteria={rule.criteria} /> : String(rule.criteria ?? '')}
      </td>
      <td data-label={t('sharing.whom')} className={css.wide}>
        <SharedWith object={object} rule={rule} />
      </td>
      <td data-label={label(level?.label)}>
        {level && Level && <Level field={level} value={rule.level} record={rule} compact />}
      </td>
      <td data-label={label(object.fields.active?.label)} className={css.switch}>
        <Switch
          size="small"
          checked={on}
          disabled={!may}
          aria-label={t('sharing.activeFor', { name })}
          onChange={(active) => update.mutate({ record: rule, values: { active } })}
        />
      </td>
    </tr>
  )
}

function Words({ object, criteria }: { object: ObjectDef; criteria: unknown }) {
  const words = useFilterWords(object, readCriteria(criteria))
  // What cannot be put into words stands as it is.
  return <>{words || String(criteria ?? '')}</>
}
