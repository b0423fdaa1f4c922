import { DownOutlined, HolderOutlined, UpOutlined } from '@ant-design/icons'
import { useDraggable, useDroppable } from '@dnd-kit/core'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import type { ObjectDef, RecordData } from '@/api/types'
import { listText } from '@/fields/shared/values'
import { currentLang } from '@/locales'
import { ListLink } from '@/records/data/nav'
import { FieldValue } from '@/records/parts/FieldValue'
import { formatNumber } from '@/ui/number'
import { useLabel } from '@/ui/useLabel'
import admin from '../admin.module.css'
import css from './pipelines.module.css'

interface Props {
  object: ObjectDef
  stage: RecordData
  heads: string[]
  /** Opportunities that stand there, as far as one may see them. */
  count: number | undefined
  movable: boolean
  first: boolean
  last: boolean
  busy: boolean
  onMove(by: 1 | -1): void
  onEdit(): void
}

/** A stage: taken by its handle with the pointer, moved by the arrows with the keyboard. */
export function StageRow(props: Props) {
  const { object, stage, heads, count, movable, first, last, busy, onMove, onEdit } = props
  const { t } = useTranslation('sales')
  const label = useLabel()
  const { objects } = useCatalogue()
  const name = String(stage.name ?? '')
  const drag = useDraggable({ id: stage.id, disabled: !movable || busy })
  const drop = useDroppable({ id: stage.id })
  const names = Array.isArray(stage.required_fields) ? stage.required_fields.map(String) : []
  const fields = names.map((n) => label(objects.opportunity?.fields[n]?.label, n))
  const conditions = [
    ...(fields.length > 0 ? [t('designer.required', { fields: listText(fields, currentLang()) })] : []),
    ...(stage.tasks_done === true ? [t('designer.tasks')] : []),
    ...(stage.decider_named === true ? [t('designer.decider')] : []),
  ]
  const days = Number(stage.rotting_days ?? 0)
  const shift = drag.transform ? { transform: `translateY(${drag.transform.y}px)` } : undefined
  return (
    <tr
      ref={drop.setNodeRef}
      style={shift}
      className={`${drag.isDragging ? css.lifted : ''} ${drop.isOver && !drag.isDragging ? css.over : ''}`}
    >
      {movable && (
        <td className={css.handle}>
          <span
            ref={drag.setNodeRef}
            className={css.grip}
            {...drag.listeners}
            title={t('designer.drag', { name })}
            aria-hidden
          >
            <HolderOutlined aria-hidden />
          </span>
        </td>
      )}
      <td className={css.name}>
        <button type="button" className={admin.name} onClick={onEdit}>
          {name}
        </button>
        {typeof stage.guidance === 'string' && <span className={css.guidance}>{stage.guidance}</span>}
      </td>
      <td data-label={heads[1]}>
        {object.fields.kind && (
          <FieldValue field={object.fields.kind} value={stage.kind} record={stage} compact />
        )}
      </td>
      <td data-label={heads[2]} className={css.number}>
        {object.fields.probability && (
          <FieldValue field={object.fields.probability} value={stage.probability} record={stage} compact />
        )}
      </td>
      <td data-label={heads[3]} className={css.conditions}>
        {conditions.length > 0 ? (
          conditions.map((one) => <span key={one}>{one}</span>)
        ) : (
          <span className={css.quiet}>{t('designer.free')}</span>
        )}
      </td>
      <td data-label={heads[4]}>
        {stage.kind === 'open' && days > 0 ? (
          t('designer.days', { count: days })
        ) : (
          <span className={css.quiet}>{t('designer.never')}</span>
        )}
      </td>
      <td data-label={heads[5]} className={css.number}>
        {count === undefined ? null : count === 0 ? (
          <span className={css.quiet}>0</span>
        ) : (
          <ListLink object="opportunity" search={{ filter: ['stage', '=', { id: stage.id, title: name }] }}>
            {formatNumber(count)}
          </ListLink>
        )}
      </td>
      {movable && (
        <td className={css.arrows}>
          <Button
            type="text"
            size="small"
            icon={<UpOutlined aria-hidden />}
            disabled={first || busy}
            aria-label={t('designer.up', { name })}
            onClick={() => onMove(-1)}
          />
          <Button
            type="text"
            size="small"
            icon={<DownOutlined aria-hidden />}
            disabled={last || busy}
            aria-label={t('designer.down', { name })}
            onClick={() => onMove(1)}
          />
        </td>
      )}
    </tr>
  )
}
