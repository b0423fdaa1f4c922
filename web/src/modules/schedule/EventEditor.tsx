import { Alert, Button, DatePicker, Drawer, Select, Switch } from 'antd'
import { useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ApiError, isApiError, randomKey } from '@/api/client'
import { useCreate, useRecord, useUpdate, useViewer } from '@/api/hooks'
import { type Entry, refreshSchedule, type Which } from '@/api/schedule'
import type { ObjectDef, RecordData } from '@/api/types'
import form from '@/records/form/form.module.css'
import { FormField } from '@/records/parts/FormField'
import p from '@/records/parts/parts.module.css'
import { RepeatEdit } from '@/records/repeat/RepeatEdit'
import { focusStart } from '@/ui/focusStart'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState, problemText } from '@/ui/states'
import { fromWallClock, fullTime, wallClock } from '@/ui/time'
import { withoutWhen } from '@/ui/understand/rest'
import { type Reading, readWhen, useWhen } from '@/ui/understand/useWhen'
import { useDraft } from '@/ui/useDraft'
import { useLabel } from '@/ui/useLabel'
import { modKey } from '@/ui/useShortcut'
import css from './form.module.css'

/** What the form is opened for. */
export type Editing =
  /** `open`: nobody has chosen the time, so that words in the title may. */
  | { kind: 'new'; start: string; end: string; allDay: boolean; open?: boolean }
  | { kind: 'change'; entry: Entry; which: Which }

type Values = Record<string, unknown>

/** Minutes before, as people say them. */
const REMIND = [0, 5, 10, 15, 30, 60, 120, 1440, 10080]
const FIRST = ['title', 'kind']
const LAST = ['place', 'participants', 'customer', 'contact', 'opportunity', 'description', 'owner']
const OWN = ['starts_at', 'ends_at', 'all_day', 'repeat', 'remind_minutes']

interface Props {
  object: ObjectDef
  editing: Editing | undefined
  onClose(): void
  /** With its beginning. */
  onMade?(start: string): void
}

/** The form of an event: when, how it repeats, who and where. */
export function EventEditor({ object, editing, onClose, onMade }: Props) {
  const { t } = useTranslation('schedule')
  const viewer = useViewer()
  const entry = editing?.kind === 'change' ? editing.entry : undefined
  const record = useRecord('event', entry?.id, { enabled: entry !== undefined })
  return (
    <Drawer
      open={editing !== undefined}
      onClose={onClose}
      title={editing && t(editing.kind === 'new' ? 'form.new' : 'form.change')}
      size="min(560px, 100vw)"
      destroyOnHidden
      afterOpenChange={(shown) => shown && focusStart()}
      styles={{ body: { padding: 0, display: 'flex', flexDirection: 'column' } }}
    >
      {editing?.kind === 'new' && (
        <Form
          object={object}
          name={`schedule:new:${editing.start}:${editing.allDay}`}
          given={{
            starts_at: editing.start,
            ends_at: editing.end,
            all_day: editing.allDay,
            owner: { id: viewer.id, title: viewer.name },
          }}
          reads={editing.open}
          onMade={onMade}
          onClose={onClose}
        />
      )}
      {editing?.kind === 'change' &&
        (record.data ? (
          <Form
            object={object}
            name={`schedule:${editing.entry.id}:${editing.which}:${editing.entry.start}`}
            given={{ ...record.data, ...givenFor(editing) }}
            record={editing.which === 'all' ? record.data : undefined}
            one={editing.which === 'one'}
            onClose={onClose}
          />
        ) : (
          <div className={form.body}>
            {record.isError ? (
              <ErrorState error={record.error} onRetry={() => void record.refetch()} />
            ) : (
              <TextSkeleton lines={8} />
            )}
          </div>
        ))}
    </Drawer>
  )
}

/** A single occurrence begins and ends where it stands in the schedule, and says what it stands for. */
function givenFor({ entry, which }: { entry: Entry; which: Which }): Values {
  if (which === 'all') return {}
  const last = entry.last_day && fromWallClock(wallClock(entry.start).add(daysBetween(entry), 'day'))
  return {
    series: { id: entry.id, title: entry.title },
    occurrence: entry.start,
    continues: which === 'following',
    starts_at: entry.start,
    ends_at: last ?? entry.end,
    ...(which === 'one' && { repeat: null }),
  }
}

const daysBetween = (entry: Entry): number =>
  Math.round((Date.parse(entry.last_day ?? '') - Date.parse(entry.first_day ?? '')) / 86_400_000)

interface FormProps {
  object: ObjectDef
  name: string
  given: Values
  /** Changed itself; without, a new event is made. */
  record?: RecordData
  one?: boolean
  /** The time is taken from the words of the title, until one is chosen. */
  reads?: boolean
  onClose(): void
  onMade?(start: string): void
}

function Form({ object, name, given, record, one, reads, onClose, onMade }: FormProps) {
  const { t } = useTranslation('schedule')
  const { t: app } = useTranslation()
  const label = useLabel()
  const draft = useDraft<Values>(name, {})
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [refused, setRefused] = useState<ApiError>()
  const create = useCreate('event')
  const update = useUpdate('event')
  const intent = useRef(randomKey())
  const ids = useId()
  const [unread, setUnread] = useState<string>()
  const typed = reads && draft.value.starts_at === undefined ? String(draft.value.title ?? '') : ''
  const shown = useWhen(typed)
  /** The time that the title names, unless it was told not to. */
  const timeIn = ({ when }: Reading) => {
    if (!when || when.text === unread) return undefined
    const long = Date.parse(String(given.ends_at)) - Date.parse(String(given.starts_at))
    return {
      when,
      times: { starts_at: when.at, ends_at: new Date(Date.parse(when.at) + long).toISOString() },
    }
  }
  const read = typed === '' ? undefined : timeIn(shown)
  const values: Values = { ...given, ...read?.times, ...draft.value }
  const set = (field: string, value: unknown) => {
    draft.set((old) => ({ ...old, [field]: value }))
    setErrors(({ [field]: _gone, ...rest }) => rest)
    setRefused(undefined)
  }
  const field = (n: string) => {
    const f = object.fields[n]
    return f && f.writable !== false ? f : undefined
  }
  const whole = values.all_day === true
  const starts = String(values.starts_at)
  const ends = String(values.ends_at ?? starts)

  const submit = async () => {
    if (create.isPending || update.isPending) return
    setErrors({})
    setRefused(undefined)
    try {
      if (record) {
        if (Object.keys(draft.value).length > 0)
          await update.mutateAsync({ record, values: draft.value, quiet: true, silent: true })
      } else {
        // Also what was typed a moment ago and has not been shown yet.
        const last = typed === '' ? undefined : timeIn(await readWhen(typed))
        const meant: Values = last
          ? { ...values, ...last.times, title: withoutWhen(typed, last.when) }
          : values
        const named = [...FIRST, ...OWN, ...LAST, 'zone'].filter((n) => field(n) && meant[n] !== undefined)
        const stands = ['series', 'occurrence', 'continues'].filter((n) => given[n] !== undefined)
        const sent = Object.fromEntries([...named, ...stands].map((n) => [n, meant[n]]))
        // What is left of a rule with a number of times, the server works out.
        if (given.series !== undefined && draft.value.repeat === undefined) delete sent.repeat
        await create.mutateAsync({ values: sent, idempotencyKey: intent.current })
        onMade?.(String(sent.starts_at))
      }
      draft.clear()
      refreshSchedule()
      onClose()
    } catch (e) {
      if (!isApiError(e)) throw e
      if (e.code !== 'offline') intent.current = randomKey()
      const beside = e.problem.errors ?? []
      setErrors(Object.fromEntries(beside.map((x) => [x.field, x.message])))
      const seen = [...FIRST, ...OWN, ...LAST]
      if (beside.length === 0 || beside.some((x) => !seen.includes(x.field))) setRefused(e)
    }
  }

  const line = (n: string, wide = false) => {
    const f = field(n)
    return (
      f && (
        <FormField
          key={n}
          field={f}
          value={values[n] ?? null}
          onChange={(v) => set(n, v)}
          record={values as RecordData}
          error={errors[n]}
          required={n === 'title' || undefined}
          start={n === 'title'}
          wide={wide}
        />
      )
    )
  }
  const when = (n: 'starts_at' | 'ends_at', value: string) => (
    <div className={p.formField} data-field={n}>
      <label className={p.formLabel} htmlFor={`${ids}-${n}`}>
        {label(object.fields[n]?.label)}
      </label>
      <DatePicker
        id={`${ids}-${n}`}
        allowClear={false}
        showTime={whole ? false : { format: 'HH:mm', minuteStep: 5 }}
        format={whole ? 'YYYY-MM-DD' : 'YYYY-MM-DD HH:mm'}
        value={wallClock(value)}
        needConfirm={false}
        status={errors[n] ? 'error' : undefined}
        onChange={(d) => {
          if (!d) return
          const iso = fromWallClock(d.second(0))
          if (n === 'starts_at') {
            // The end goes along.
            set('ends_at', fromWallClock(wallClock(ends).add(d.diff(wallClock(starts), 'minute'), 'minute')))
          }
          set(n, iso)
        }}
      />
      {errors[n] && (
        <div className={p.formError} role="alert">
          {errors[n]}
        </div>
      )}
    </div>
  )
  return (
    <form
      className={css.form}
      aria-label={t('form.name')}
      noValidate
      onSubmit={(e) => {
        e.preventDefault()
        void submit()
      }}
      onKeyDown={(e) => {
        if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) void submit()
      }}
    >
      <div className={form.body}>
        {draft.restoredAt && (
          <Alert
            type="info"
            showIcon
            title={t('form.restored')}
            action={
              <Button size="small" onClick={draft.clear}>
                {t('form.startAfresh')}
              </Button>
            }
          />
        )}
        {refused && <Alert type="error" showIcon title={problemText(refused) || t('failed')} />}
        <div className={css.fields}>
          {line('title', true)}
          {read && (
            <p className={css.read} role="status">
              {t('form.read', { text: read.when.text, when: fullTime(read.when.at) })}
              <Button type="link" size="small" onClick={() => setUnread(read.when.text)}>
                {t('form.unread')}
              </Button>
            </p>
          )}
          {line('kind')}
          {field('all_day') && (
            <div className={p.formField}>
              <label className={p.formLabel} htmlFor={`${ids}-whole`}>
                {label(object.fields.all_day?.label)}
              </label>
              <span>
                <Switch id={`${ids}-whole`} checked={whole} onChange={(on) => set('all_day', on)} />
              </span>
            </div>
          )}
          {field('starts_at') && when('starts_at', starts)}
          {field('ends_at') && when('ends_at', ends)}
          {field('repeat') && !one && (
            <div className={p.formField} data-field="repeat">
              <label className={p.formLabel} htmlFor={`${ids}-repeat`}>
                {label(object.fields.repeat?.label)}
              </label>
              <RepeatEdit
                id={`${ids}-repeat`}
                value={(values.repeat as string | null | undefined) ?? null}
                starts={starts}
                onChange={(rule) => set('repeat', rule)}
              />
              {errors.repeat && (
                <div className={p.formError} role="alert">
                  {errors.repeat}
                </div>
              )}
            </div>
          )}
          {field('remind_minutes') && (
            <div className={p.formField} data-field="remind_minutes">
              <label className={p.formLabel} htmlFor={`${ids}-remind`}>
                {t('remind.label')}
              </label>
              <Select
                id={`${ids}-remind`}
                value={(values.remind_minutes as number | null | undefined) ?? -1}
                options={[-1, ...new Set([...REMIND, Number(values.remind_minutes ?? 0)])].map((minutes) => ({
                  value: minutes,
                  label: remindWords(minutes),
                }))}
                onChange={(minutes) => set('remind_minutes', minutes < 0 ? null : minutes)}
              />
            </div>
          )}
          {LAST.map((n) => line(n, n === 'description' || n === 'participants' || n === 'place'))}
        </div>
      </div>
      <footer className={css.foot}>
        <Button onClick={onClose}>{app('action.cancel')}</Button>
        <Button
          type="primary"
          htmlType="submit"
          loading={create.isPending || update.isPending}
          title={`${modKey} Enter`}
        >
          {app('action.save')}
        </Button>
      </footer>
    </form>
  )

  function remindWords(minutes: number): string {
    if (minutes < 0) return t('remind.never')
    if (minutes === 0) return t('remind.then')
    if (minutes % 1440 === 0) return t('remind.days', { count: minutes / 1440 })
    if (minutes % 60 === 0) return t('remind.hours', { count: minutes / 60 })
    return t('remind.minutes', { count: minutes })
  }
}
