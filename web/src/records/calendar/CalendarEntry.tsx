import { useDraggable } from '@dnd-kit/core'
import { Badge } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FieldDef, ObjectDef, RecordData } from '@/api/types'
import { RecordLink } from '@/ui/RecordLink'
import { wallClock } from '@/ui/time'
import { FieldValue } from '../parts/FieldValue'
import { kindOf } from '../parts/kind'
import { useValueText } from '../parts/useFields'
import s from './calendar.module.css'

interface Props {
  object: ObjectDef
  field: FieldDef
  record: RecordData
  movable?: boolean
  floating?: boolean
  /** One day on screen: there is room for a few values. */
  wide?: boolean
}

/** Colour of the first coloured choice (status, level), which is what people look for. */
function colorOf(object: ObjectDef, record: RecordData): string | undefined {
  for (const name of object.layout.list?.columns ?? []) {
    const f = object.fields[name]
    const color = f?.type === 'choice' ? f.options?.find((o) => o.value === record[name])?.color : undefined
    if (color) return color
  }
  return undefined
}

export function CalendarEntry({ object, field, record, movable = false, floating, wide }: Props) {
  const { t } = useTranslation('records')
  const text = useValueText()
  // It holds a link, which may not stand inside a button.
  const drag = useDraggable({
    id: record.id,
    data: { record },
    disabled: !movable || floating,
    attributes: { role: 'group' },
  })
  const titleField = object.fields[object.title]
  const title = (titleField && text(titleField, record[object.title])) || t('list.untitled')
  const value = record[field.name]
  // What takes whole days has no time of day.
  const timed = field.type === 'datetime' && typeof value === 'string' && record.all_day !== true
  const time = timed ? wallClock(value).format('HH:mm') : ''
  const details = wide
    ? (object.layout.list?.columns ?? [])
        .map((n) => object.fields[n])
        .filter((f): f is FieldDef => f !== undefined && f.name !== object.title && f.name !== field.name)
        .filter((f) => !kindOf(f).isEmpty(record[f.name]))
        .slice(0, 4)
    : []
  return (
    // Attributes of dnd-kit make it focusable; Space lifts it.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      ref={floating ? undefined : drag.setNodeRef}
      className={[s.entry, floating && s.floating, drag.isDragging && s.lifted].filter(Boolean).join(' ')}
      title={title}
      {...(movable && !floating ? { ...drag.attributes, ...drag.listeners } : {})}
      onDragStart={(e) => e.preventDefault()}
    >
      <Badge color={colorOf(object, record) ?? 'default'} />
      {time && <span className={s.time}>{time}</span>}
      <RecordLink object={object.name} id={record.id} className={s.entryTitle}>
        {title}
      </RecordLink>
      {details.map((f) => (
        <span key={f.name} className={s.detail}>
          <FieldValue field={f} value={record[f.name]} record={record} compact />
        </span>
      ))}
    </div>
  )
}
