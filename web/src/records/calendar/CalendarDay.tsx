import { PlusOutlined } from '@ant-design/icons'
import { useDroppable } from '@dnd-kit/core'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import type { FieldDef, ObjectDef, RecordData } from '@/api/types'
import { Bone } from '@/ui/Skeletons'
import type { CalendarSpan } from '../model/viewState'
import { CalendarEntry } from './CalendarEntry'
import s from './calendar.module.css'

const IN_MONTH = 4

interface Props {
  object: ObjectDef
  field: FieldDef
  day: string
  span: CalendarSpan
  /** Belongs to the month before or after. */
  outside: boolean
  today: boolean
  records: RecordData[]
  loading: boolean
  movable: boolean
  onCreate?(): void
  onMore(): void
}

export function CalendarDay(props: Props) {
  const { object, field, day, span, outside, today, records, loading, movable, onCreate, onMore } = props
  const { t } = useTranslation('records')
  const { setNodeRef, isOver } = useDroppable({ id: day })
  const date = dayjs(day)
  const shown = span === 'month' && records.length > IN_MONTH ? records.slice(0, IN_MONTH - 1) : records
  const cls = [s.day, outside && s.outside, isOver && s.over, span === 'day' && s.whole]
    .filter(Boolean)
    .join(' ')
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the + button inside does the same for the keyboard
    <section
      ref={setNodeRef}
      className={cls}
      aria-label={date.format(t('calendar.dayFormat'))}
      onClick={(e) => {
        if (e.target === e.currentTarget) onCreate?.()
      }}
    >
      <header className={s.dayHead}>
        <span className={today ? s.today : s.number}>
          {span === 'day'
            ? date.format(t('calendar.dayFormat'))
            : date.date() === 1
              ? date.format(t('calendar.firstFormat'))
              : date.date()}
        </span>
        {onCreate && (
          <button
            type="button"
            className={s.add}
            onClick={onCreate}
            aria-label={t('calendar.create', { day: date.format(t('calendar.dayFormat')) })}
          >
            <PlusOutlined aria-hidden />
          </button>
        )}
      </header>
      {loading && (date.date() * 7) % 3 === 0 && <Bone width="80%" />}
      {shown.map((record) => (
        <CalendarEntry
          key={record.id}
          object={object}
          field={field}
          record={record}
          movable={movable}
          wide={span === 'day'}
        />
      ))}
      {shown.length < records.length && (
        <button type="button" className={s.more} onClick={onMore}>
          {t('calendar.more', { count: records.length - shown.length })}
        </button>
      )}
      {span === 'day' && !loading && records.length === 0 && (
        <p className={s.nothing}>{t('calendar.nothing')}</p>
      )}
    </section>
  )
}
