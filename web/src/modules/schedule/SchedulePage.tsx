import { useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, App } from 'antd'
import dayjs from 'dayjs'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isApiError } from '@/api/client'
import { can, useCatalogue, useObject, usePreference, useRecords, useViewer } from '@/api/hooks'
import { type Entry, refreshSchedule, showMoved, useSchedule } from '@/api/schedule'
import type { Ref } from '@/api/types'
import { RecordFormDrawer } from '@/records/form/RecordFormDrawer'
import { useNarrow } from '@/records/parts/useNarrow'
import { ListSkeleton } from '@/ui/Skeletons'
import { ErrorState, NoPermission, problemText } from '@/ui/states'
import { fromWallClock, now, today, wallClock } from '@/ui/time'
import { Agenda } from './Agenda'
import { actOn, moveEvent, moveTask, removeEvent } from './changes'
import { type Editing, EventEditor } from './EventEditor'
import { MonthGrid } from './MonthGrid'
import { overDays, overHours } from './measures'
import { dawn, daysOf, isBar, nextDay, SPANS, type Span, STEP } from './model'
import { ScheduleHead } from './ScheduleHead'
import css from './schedule.module.css'
import type { Stage } from './stage'
import { TimeGrid } from './TimeGrid'
import { useMover } from './useMover'
import { useWhich } from './useWhich'

export interface ScheduleSearch {
  on?: string
  span?: Span
  /** Ids of colleagues whose schedules are laid over. */
  people?: string
}

/** One's schedule: events, tasks that are due and agreed contacts, by day, week or month; colleagues' where one may see it. */
export function SchedulePage() {
  const event = useObject('event')
  if (!event) return <NoPermission />
  return <Schedule />
}

const NOBODY: Ref[] = []

function Schedule() {
  const { t } = useTranslation('schedule')
  const { message } = App.useApp()
  const { workspace } = useCatalogue()
  const event = useObject('event')
  const me = useViewer().id
  const narrow = useNarrow()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as ScheduleSearch
  const [kept, keep] = usePreference<Span>('schedule_span', 'week')
  const span = search.span && SPANS.includes(search.span) ? search.span : narrow ? 'agenda' : kept
  const on = search.on && dayjs(search.on).isValid() ? search.on : today()
  const days = useMemo(() => daysOf(on, span, workspace.week_start), [on, span, workspace.week_start])
  const others = useMemo(() => (search.people ?? '').split(',').filter(Boolean).slice(0, 19), [search.people])
  const names = useRecords(
    'user',
    { filter: ['id', 'in', others], fields: ['name'], limit: 50 },
    { enabled: others.length > 0 },
  )
  const people = useMemo<Ref[]>(() => {
    if (others.length === 0) return NOBODY
    const found = names.data?.pages.flatMap((page) => page.items) ?? []
    return others.map((id) => ({
      id,
      title: (found.find((u) => u.id === id)?.name as string | undefined) ?? null,
    }))
  }, [others, names.data])
  const asked = useMemo(
    () => (others.length > 0 ? [me, ...others.filter((o) => o !== me)] : []),
    [me, others],
  )
  const [first = on, last = on] = [days[0], days[days.length - 1]]
  const schedule = useSchedule(dawn(first), dawn(nextDay(last)), asked)
  const entries = schedule.data?.items ?? []

  const [open, setOpen] = useState<string>()
  const [editing, setEditing] = useState<Editing>()
  const [task, setTask] = useState<Entry>()
  const [ask, question] = useWhich()

  const show = useCallback(
    (change: { on?: string; span?: Span; people?: Ref[] }) => {
      if (change.span && !narrow) keep(change.span)
      const { people: chosen, ...rest } = change
      void navigate({
        to: '/schedule',
        search: (before: ScheduleSearch) => ({
          ...before,
          ...rest,
          ...(chosen && { people: chosen.map((p) => p.id).join(',') || undefined }),
        }),
        replace: change.span === undefined,
      })
    },
    [navigate, keep, narrow],
  )
  /** Does something, and says so when it is refused. */
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work()
    } catch (e) {
      if (!isApiError(e)) throw e
      const first = e.code === 'invalid' ? e.problem.errors?.[0]?.message : undefined
      message.error(first ?? (problemText(e) || t('failed')))
    } finally {
      refreshSchedule()
    }
  }
  const onMoved = async (entry: Entry, start: string, end: string) => {
    const which = await ask(entry.object === 'event' ? entry : { ...entry, repeats: false }, 'move')
    if (!which) return
    if (which !== 'all' || !entry.repeats) showMoved(entry, start, end)
    await attempt(() =>
      entry.object === 'task' ? moveTask(entry, end) : moveEvent(entry, start, end, which),
    )
  }
  const hours = span !== 'month' && span !== 'agenda'
  const mover = useMover({
    measure: hours ? overHours(days.length) : overDays,
    arrow: (key) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[key]
      if (by) return { days: by, minutes: 0 }
      const down = { ArrowUp: -1, ArrowDown: 1 }[key]
      if (!down) return undefined
      return hours ? { days: 0, minutes: down * STEP } : { days: down * 7, minutes: 0 }
    },
    shows: (start) => days.includes(wallClock(start).format('YYYY-MM-DD')),
    onMoved: (entry, start, end) => void onMoved(entry, start, end),
  })
  const create = can(event, 'create')
    ? (start: string, end: string, allDay: boolean, open = false) => {
        setOpen(undefined)
        setEditing({
          kind: 'new',
          start: fromWallClock(dayjs(start)),
          end: fromWallClock(dayjs(end)),
          allDay,
          open,
        })
      }
    : undefined
  const stage: Stage = {
    mover,
    open,
    setOpen,
    me,
    create,
    goTo: (day) => show({ on: day, span: 'day' }),
    edit: async (entry) => {
      setOpen(undefined)
      if (entry.object !== 'event') return setTask(entry)
      const which = await ask(entry, 'edit')
      if (which) setEditing({ kind: 'change', entry, which })
    },
    remove: async (entry) => {
      setOpen(undefined)
      const which = await ask(entry, 'remove')
      if (which) await attempt(() => removeEvent(entry, which))
    },
    act: (entry, action) => {
      setOpen(undefined)
      void attempt(() => actOn(entry, action))
    },
  }
  const fresh = () => {
    const start = now().add(1, 'hour').minute(0)
    const clock = on === today() ? start : dayjs(on).hour(9)
    create?.(clock.format('YYYY-MM-DDTHH:mm'), clock.add(1, 'hour').format('YYYY-MM-DDTHH:mm'), false, true)
  }
  return (
    <div className={css.page}>
      <ScheduleHead
        on={on}
        span={span}
        days={days}
        people={people}
        show={show}
        onCreate={create ? fresh : undefined}
      />
      {schedule.data?.cut && <Alert type="warning" banner title={t('cut')} />}
      {mover.moving && (
        <p className={css.hint} role="status">
          {t('moving', { time: mover.ghost ? movingWords(mover.ghost) : '' })}
        </p>
      )}
      {schedule.isError && !schedule.data ? (
        <ErrorState error={schedule.error} onRetry={() => void schedule.refetch()} />
      ) : schedule.isPending ? (
        <ListSkeleton />
      ) : span === 'month' ? (
        <MonthGrid days={days} on={on} entries={entries} stage={stage} />
      ) : span === 'agenda' ? (
        <Agenda days={days} entries={entries} stage={stage} />
      ) : (
        <TimeGrid days={days} entries={entries} stage={stage} />
      )}
      {event && (
        <EventEditor
          object={event}
          editing={editing}
          onClose={() => setEditing(undefined)}
          // What was made for another week is shown there.
          onMade={(start) => {
            const day = wallClock(start).format('YYYY-MM-DD')
            if (!days.includes(day)) show({ on: day })
          }}
        />
      )}
      <RecordFormDrawer
        object={task?.object ?? 'task'}
        id={task?.id}
        open={task !== undefined}
        onClose={() => setTask(undefined)}
        onSaved={() => {
          setTask(undefined)
          refreshSchedule()
        }}
      />
      {question}
    </div>
  )
}

/** Where it would be now, for who cannot see it move. */
const movingWords = (entry: Entry): string =>
  isBar(entry) ? wallClock(entry.start).format('M/D') : wallClock(entry.start).format('M/D HH:mm')
