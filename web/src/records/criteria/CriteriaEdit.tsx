import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDef } from '@/api/types'
import { FilterEditor } from '../list/FilterEditor'
import { emptyGroup, fromApi, newKey, usualOperator } from '../model/filter'
import { readCriteria, writeCriteria } from './criteria'
import css from './criteria.module.css'
import { MatchCount } from './MatchCount'

interface Props {
  object: ObjectDef
  /** JSON text of a filter. */
  value: unknown
  onChange(text: string): void
  trouble?: string
  /** Other words than those of sharing; then having no condition is a choice too. */
  legend?: string
  hint?: string
  /** The field's name stands before it already. */
  bare?: boolean
  id?: string
  /** `daily`: asked anew every day, so that periods such as “last week” may be named. */
  lasting?: true | 'daily'
}

/** Which records: the editor of list filters, with what holds for everybody at any time only, and how many that are now. */
export function CriteriaEdit({
  object,
  value,
  onChange,
  trouble,
  legend,
  hint,
  bare,
  id,
  lasting = true,
}: Props) {
  const { t } = useTranslation('admin')
  const [root, setRoot] = useState(() => {
    const start = fromApi(readCriteria(value))
    const first = Object.values(object.fields).find((f) => f.type === 'choice' && !f.hidden)
    return start.items.length > 0 || !first || hint !== undefined
      ? start
      : emptyGroup('and', [{ key: newKey(), field: first.name, op: usualOperator(first) }])
  })
  return (
    <fieldset className={css.criteria} id={id}>
      <legend className={bare ? 'gx-visually-hidden' : css.legend}>{legend ?? t('sharing.criteria')}</legend>
      <FilterEditor
        lasting={lasting}
        hint={hint ?? t('sharing.noCriteria')}
        object={object}
        root={root}
        onChange={(next) => {
          setRoot(next)
          onChange(writeCriteria(next))
        }}
      />
      {trouble && (
        <span role="alert" className={css.trouble}>
          {trouble}
        </span>
      )}
      {(hint === undefined || writeCriteria(root) !== '') && (
        <MatchCount object={object} filter={writeCriteria(root)} />
      )}
    </fieldset>
  )
}
