import {
  DndContext,
  type DragEndEvent,
  DragOverlay,
  KeyboardCode,
  type KeyboardCoordinateGetter,
  KeyboardSensor,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { announce } from '@/api/announce'
import { isApiError } from '@/api/client'
import { can, useCatalogue, useRecords } from '@/api/hooks'
import type { ObjectDef, RecordData } from '@/api/types'
import { ErrorState } from '@/ui/states'
import { today } from '@/ui/time'
import { leaveTrail } from '../data/trail'
import type { ListState } from '../data/useListState'
import { neededFields } from '../list/TableView'
import { byDay, dayOf, moveToDay, rangeFilter, visibleDays } from '../model/calendar'
import { allOf } from '../model/filter'
import { useSave } from '../parts/Saver'
import { useNarrow } from '../parts/useNarrow'
import { CalendarDay } from './CalendarDay'
import { CalendarEntry } from './CalendarEntry'
import { calendarOf } from './CalendarTools'
import s from './calendar.module.css'
import { WeekHead } from './WeekHead'

/** More than this in one span is not readable as a calendar; the page says so instead of drawing dust. */
const AT_MOST = 1000

interface Props {
  object: ObjectDef
  state: ListState
  onCreate?(initial: Record<string, unknown>): void
}

/** With the keyboard an entry goes from day to day, up and down by weeks. */
const byDays: KeyboardCoordinateGetter = (event, { context: { droppableRects, over } }) => {
  const jump = {
    [KeyboardCode.Left]: -1,
    [KeyboardCode.Right]: 1,
    [KeyboardCode.Up]: -7,
    [KeyboardCode.Down]: 7,
  }[event.code]
  if (jump === undefined) return undefined
  event.preventDefault()
  const days = [...droppableRects.keys()].map(String).sort()
  const at = days.indexOf(String(over?.id))
  const rect = droppableRects.get(days[Math.max(0, Math.min(days.length - 1, at + jump))] ?? '')
  return rect ? { x: rect.left + 4, y: rect.top + 4 } : undefined
}

export function CalendarView({ object, state, onCreate }: Props) {
  const { t } = useTranslation('records')
  const { workspace } = useCatalogue()
  const narrow = useNarrow()
  const save = useSave()
  const [dragged, setDragged] = useState<RecordData | null>(null)
  const { field, on, span } = calendarOf(object, state)
  const days = useMemo(() => visibleDays(on, span, workspace.week_start), [on, span, workspace.week_start])
  const card = (object.layout.list?.columns ?? []).map((n) => object.fields[n]).filter((f) => f !== undefined)
  const whole = object.fields.all_day ? ['all_day'] : []
  const fields = [...new Set([...neededFields(object, card), field?.name ?? object.title, ...whole])]
  const records = useRecords(
    object.name,
    {
      filter: allOf(state.filter, field && rangeFilter(field, days)),
      sort: field?.sortable === false ? undefined : field?.name,
      limit: 200,
      fields,
    },
    { enabled: field !== undefined },
  )
  const items = useMemo(() => records.data?.pages.flatMap((p) => p.items) ?? [], [records.data])
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = records
  // A calendar shows its whole span, so all of it is read, up to a sane limit.
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && items.length < AT_MOST) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, items.length])
  const placed = useMemo(
    () => (field ? byDay(items, field) : new Map<string, RecordData[]>()),
    [items, field],
  )
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 250, tolerance: 8 } }),
    useSensor(KeyboardSensor, {
      coordinateGetter: byDays,
      keyboardCodes: {
        start: [KeyboardCode.Space],
        cancel: [KeyboardCode.Esc],
        end: [KeyboardCode.Space, KeyboardCode.Enter],
      },
    }),
  )
  if (!field) return null
  if (records.isError && !records.data) {
    return <ErrorState error={records.error} onRetry={() => void records.refetch()} />
  }
  const movable = can(object, 'update') && field.writable !== false
  const drop = async ({ active, over }: DragEndEvent) => {
    setDragged(null)
    const record = active.data.current?.record as RecordData | undefined
    const day = over ? String(over.id) : null
    if (!record || !day || dayOf(record[field.name], field.type) === day) return
    try {
      await save(record, { [field.name]: moveToDay(record[field.name], day, field.type) })
    } catch (e) {
      if (!isApiError(e)) throw e
      announce({ kind: 'failed', object: object.name, error: e, fields: [field.name] })
    }
  }
  const now = today()
  const month = on.slice(0, 7)
  // A month of cells does not fit a phone: it becomes the list of days that hold something.
  const agenda = narrow && span !== 'day'
  const shown = agenda
    ? days.filter((d) => (placed.has(d) || d === now) && (span === 'week' || d.startsWith(month)))
    : days
  return (
    <DndContext
      sensors={sensors}
      accessibility={{ screenReaderInstructions: { draggable: t('calendar.howTo') } }}
      onDragStart={({ active }) =>
        setDragged((active.data.current?.record as RecordData | undefined) ?? null)
      }
      onDragCancel={() => setDragged(null)}
      onDragEnd={(e) => void drop(e)}
    >
      {hasNextPage && items.length >= AT_MOST && (
        <p className={s.tooMany}>{t('calendar.tooMany', { max: AT_MOST })}</p>
      )}
      <div className={s.calendar}>
        {!agenda && span !== 'day' && <WeekHead days={days.slice(0, 7)} dates={span === 'week'} />}
        <div
          className={agenda || span === 'day' ? s.agenda : s.grid}
          onClickCapture={() =>
            leaveTrail({ object: object.name, ids: items.map((r) => r.id), search: state.search })
          }
        >
          {shown.map((day) => (
            <CalendarDay
              key={day}
              object={object}
              field={field}
              day={day}
              span={agenda ? 'day' : span}
              outside={span === 'month' && !day.startsWith(month)}
              today={day === now}
              records={placed.get(day) ?? []}
              loading={records.isPending}
              movable={movable}
              onCreate={
                onCreate && field.writable !== false
                  ? () => onCreate({ [field.name]: moveToDay(null, day, field.type) })
                  : undefined
              }
              onMore={() => state.set({ on: day, span: 'day' }, false)}
            />
          ))}
        </div>
      </div>
      <DragOverlay dropAnimation={null}>
        {dragged && <CalendarEntry object={object} field={field} record={dragged} floating />}
      </DragOverlay>
    </DndContext>
  )
}
