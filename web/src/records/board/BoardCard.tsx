import { useDraggable } from '@dnd-kit/core'
import { useTranslation } from 'react-i18next'
import type { FieldDef, ObjectDef, RecordData } from '@/api/types'
import { RecordLink } from '@/ui/RecordLink'
import { useLabel } from '@/ui/useLabel'
import { useGo } from '../data/nav'
import { FieldValue } from '../parts/FieldValue'
import { kindOf } from '../parts/kind'
import { useValueText } from '../parts/useFields'
import { RottenMark } from '../stage/RottenMark'
import s from './board.module.css'

/** Fields on a card: what the definition names, else the first columns of the list. */
export function cardFields(object: ObjectDef): FieldDef[] {
  const names = object.layout.board?.card ?? object.layout.list?.columns.slice(0, 4) ?? []
  return names
    .filter((n) => n !== object.title)
    .map((n) => object.fields[n])
    .filter((f): f is FieldDef => f !== undefined && f.readable !== false)
}

/** Cards of one look, whatever they hold: what it belongs to and whose it is on one line, figures and dates below. */
function cardLines(fields: FieldDef[]): FieldDef[][] {
  const links = fields.filter((f) => f.type === 'lookup')
  const people = fields.filter((f) => f.type === 'user')
  const rest = fields.filter((f) => f.type !== 'lookup' && f.type !== 'user')
  const [first, ...more] = links
  const lines = first ? [[first, ...people], ...more.map((f) => [f]), rest] : [[...rest, ...people]]
  return lines.filter((line) => line.length > 0)
}

interface Props {
  object: ObjectDef
  record: RecordData
  /** Said by the column already. */
  groupField: FieldDef
  floating?: boolean
  /** For how many days nothing has moved, where that is too long. */
  rotten?: number
}

export function BoardCard({ object, record, groupField, floating, rotten }: Props) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const text = useValueText()
  const titleField = object.fields[object.title]
  const title = (titleField && text(titleField, record[object.title])) || t('list.untitled')
  const shown = cardFields(object).filter(
    (f) => f.name !== groupField.name && !kindOf(f).isEmpty(record[f.name]),
  )
  return (
    <article className={`${s.card} ${floating ? s.floating : ''}`}>
      <RecordLink object={object.name} id={record.id} className={s.cardTitle}>
        {title}
      </RecordLink>
      {cardLines(shown).map((line) => (
        <div key={line[0]?.name} className={s.cardLine}>
          {line.map((f) => (
            <span
              key={f.name}
              className={`${s.cardField} ${f.type === 'user' ? s.cardPerson : ''}`}
              title={label(f.label)}
            >
              <span className="gx-visually-hidden">{label(f.label)} </span>
              <FieldValue field={f} value={record[f.name]} record={record} compact />
            </span>
          ))}
        </div>
      ))}
      {rotten !== undefined && (
        <div className={s.cardLine}>
          <RottenMark days={rotten} />
        </div>
      )}
    </article>
  )
}

/** A card that can be taken: by pointer anywhere on it, by keyboard with Space; Enter or a click opens the record. */
export function DraggableCard(props: Props & { from: string }) {
  const { object, record, from } = props
  const { t } = useTranslation('records')
  const go = useGo()
  const text = useValueText()
  // It holds links, which may not stand inside a button: a group that can be taken and focused.
  const drag = useDraggable({
    id: record.id,
    data: { record, from, to: from },
  })
  const titleField = object.fields[object.title]
  return (
    <div
      ref={drag.setNodeRef}
      className={`${s.grip} ${drag.isDragging ? s.lifted : ''}`}
      {...drag.attributes}
      role="group"
      aria-label={(titleField && text(titleField, record[object.title])) || t('list.untitled')}
      {...drag.listeners}
      onKeyDown={(e) => {
        if (e.key === 'Enter' && !drag.isDragging && e.target === e.currentTarget)
          void go.record(object.name, record.id)
        else drag.listeners?.onKeyDown?.(e)
      }}
      onClick={(e) => {
        if (!(e.target as HTMLElement).closest('a')) void go.record(object.name, record.id)
      }}
      // The browser's own dragging of the link inside would take the card out of our hands.
      onDragStart={(e) => e.preventDefault()}
    >
      <BoardCard {...props} />
    </div>
  )
}
