import { DeleteOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDef, Ref } from '@/api/types'
import { PeoplePick } from '@/records/handover/PeoplePick'
import { FilterEditor } from '@/records/list/FilterEditor'
import { emptyGroup, fromApi, newKey, toApi, usualOperator } from '@/records/model/filter'
import css from './handover.module.css'
import type { Split } from './plan'

interface Props {
  number: number
  object: ObjectDef
  split: Split
  from: Ref
  trouble?: string
  onChange(change: Partial<Split>): void
  onRemove(): void
}

/** A part of a line: what matches these conditions goes to these people. */
export function SplitEdit({ number, object, split, from, trouble, onChange, onRemove }: Props) {
  const { t } = useTranslation('handover')
  const id = useId()
  const [root, setRoot] = useState(() => {
    const start = fromApi(split.filter)
    // Where somebody is or of what kind is what people split by.
    const first =
      Object.values(object.fields).find((f) => f.type === 'region' && !f.hidden) ??
      Object.values(object.fields).find((f) => f.type === 'choice' && !f.hidden)
    return start.items.length > 0 || !first
      ? start
      : emptyGroup('and', [{ key: newKey(), field: first.name, op: usualOperator(first) }])
  })
  return (
    <fieldset className={css.split}>
      <legend>{t('split.title', { number })}</legend>
      <FilterEditor
        object={object}
        root={root}
        hint={t('split.hint')}
        onChange={(next) => {
          setRoot(next)
          onChange({ filter: toApi(next) })
        }}
      />
      <div className={css.field}>
        <label htmlFor={id}>{t('split.recipients')}</label>
        <div className={css.pick}>
          <PeoplePick
            id={id}
            label={t('recipients')}
            value={split.to}
            without={from.id}
            onChange={(to) => onChange({ to })}
          />
          <Button
            type="text"
            icon={<DeleteOutlined aria-hidden />}
            aria-label={t('split.remove', { number })}
            onClick={onRemove}
          />
        </div>
      </div>
      {trouble && (
        <span role="alert" className={css.trouble}>
          {trouble}
        </span>
      )}
    </fieldset>
  )
}
