import { DownOutlined } from '@ant-design/icons'
import { Alert, Button, Drawer } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useObject, useRecord } from '@/api/hooks'
import type { FieldDef, ObjectDef, RecordData } from '@/api/types'
import { focusStart } from '@/ui/focusStart'
import { isComposing } from '@/ui/ime'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState, problemText } from '@/ui/states'
import { midSentence, useLabel } from '@/ui/useLabel'
import { modKey } from '@/ui/useShortcut'
import { RelativeTime } from '@/ui/values'
import { dependents } from '../criteria/meaning'
import { ColleagueNote } from '../detail/ColleagueNote'
import { isWide } from '../model/formFields'
import { FormField } from '../parts/FormField'
import p from '../parts/parts.module.css'
import { DuplicateNote } from './DuplicateNote'
import s from './form.module.css'
import { LINES, LinesEdit, type TypedLines } from './LinesEdit'
import { isPriced, PriceHint } from './PriceHint'
import { planOf, useRecordForm } from './useRecordForm'

export interface RecordFormDrawerProps {
  object: string
  /** An existing record to edit; a new one without. */
  id?: string
  /** Filled in already, such as the customer a contact is added to. */
  initial?: Record<string, unknown>
  open: boolean
  onClose(): void
  onSaved(record: RecordData): void
}

const NOTHING: Record<string, unknown> = {}

/** The form for a new record, or for many fields of an old one at once. */
export function RecordFormDrawer(props: RecordFormDrawerProps) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const object = useObject(props.object)
  const record = useRecord(props.object, props.id, { enabled: props.open })
  if (!object) return null
  const title = props.id
    ? t('form.edit', { object: midSentence(label(object.label)) })
    : t('form.create', { object: midSentence(label(object.label)) })
  return (
    <Drawer
      open={props.open}
      onClose={props.onClose}
      title={title}
      size="min(640px, 100vw)"
      destroyOnHidden
      // The form puts the focus into its first field as soon as it is drawn, not only when the drawer has slid in.
      autoFocus={false}
      styles={{ body: { padding: 0, display: 'flex', flexDirection: 'column' } }}
    >
      {props.id && !record.data ? (
        <div className={s.body}>
          {record.isError ? (
            <ErrorState error={record.error} onRetry={() => void record.refetch()} />
          ) : (
            <TextSkeleton lines={8} />
          )}
        </div>
      ) : (
        <Form {...props} definition={object} record={props.id ? record.data : undefined} />
      )}
    </Drawer>
  )
}

type FormProps = RecordFormDrawerProps & { definition: ObjectDef; record: RecordData | undefined }

function Form({ definition, record, initial = NOTHING, onClose, onSaved }: FormProps) {
  const { t } = useTranslation('records')
  const form = useRecordForm(definition, record, initial)
  const plan = planOf(definition, initial, record)
  const [all, setAll] = useState(record !== undefined)
  const [round, setRound] = useState(0)
  const body = useRef<HTMLDivElement>(null)

  useEffect(focusStart, [])
  // An error on a hidden field must be seen.
  const failed = Object.keys(form.errors)
  const hiddenError = plan.more.some((f) => f.name in form.errors)
  const firstFailed = failed[0]
  useEffect(() => {
    if (hiddenError) setAll(true)
  }, [hiddenError])
  useEffect(() => {
    if (!firstFailed) return
    const box = body.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(firstFailed)}"]`)
    box?.scrollIntoView({ block: 'center' })
    box?.querySelector<HTMLElement>('input, textarea, [tabindex]')?.focus()
  }, [firstFailed])

  const save = async (again: boolean, allowDuplicate = false) => {
    const saved = await form.submit(allowDuplicate)
    if (!saved) return
    if (!again) {
      onSaved(saved)
      return onClose()
    }
    // The next one begins where this one began.
    requestAnimationFrame(focusStart)
    setRound((n) => n + 1)
    body.current?.scrollTo({ top: 0 })
  }
  const line = (field: FieldDef, first: boolean) => (
    <FormField
      start={first}
      key={`${round} ${field.name}`}
      field={field}
      value={form.values[field.name] ?? null}
      onChange={(v) => {
        form.set(field.name, v)
        for (const name of dependents(definition.name, field.name)) form.set(name, null)
      }}
      object={definition.name}
      record={{ id: record?.id ?? '', version: record?.version ?? 0, ...form.values }}
      error={form.errors[field.name]}
      wide={isWide(field)}
    />
  )
  // A prefilled field (the customer a contact is added to) is not where typing begins.
  const start = plan.main.find((f) => !(f.name in initial)) ?? plan.main[0]
  return (
    <form
      className={s.form}
      onSubmit={(e) => {
        e.preventDefault()
        void save(false)
      }}
      onKeyDown={(e) => {
        if (isComposing(e) || e.key !== 'Enter') return
        if (e.ctrlKey || e.metaKey) {
          e.preventDefault()
          e.stopPropagation()
          void save(e.shiftKey && !record)
        } else if (e.target instanceof HTMLInputElement) {
          // Enter in a line moves on, it does not send a form half filled in.
          e.preventDefault()
        }
      }}
    >
      <div className={s.body} ref={body}>
        {form.restoredAt && form.dirty && (
          <p className={s.restored}>
            {t('form.restored')} <RelativeTime value={form.restoredAt} />
            <Button
              type="link"
              size="small"
              onClick={() => {
                form.discard()
                setRound((n) => n + 1)
              }}
            >
              {t('form.discard')}
            </Button>
          </p>
        )}
        {record && <ColleagueNote object={definition} record={record} />}
        <DuplicateNote
          object={definition}
          duplicates={form.duplicates}
          onSaveAnyway={() => void save(false, true)}
        />
        {/* The hint of what looks the same also stands there when something else went wrong. */}
        {form.refused && !form.refused.problem.duplicates?.length && (
          <Alert
            type="error"
            showIcon
            title={
              form.refused.code === 'stale_version'
                ? t('form.stale')
                : problemText(form.refused) || t('form.failed')
            }
          />
        )}
        {plan.main.length === 0 && <p className={s.hint}>{t(record ? 'form.nothing' : 'form.nothingNew')}</p>}
        <div className={p.form}>{plan.main.map((f) => line(f, f === start))}</div>
        {isPriced(definition) && <LinePrice definition={definition} values={form.values} />}
        {!record && (
          <LinesEdit
            object={definition}
            parent={form.values}
            value={(form.values[LINES] as TypedLines | undefined) ?? {}}
            errors={form.errors}
            onChange={(lines) => form.set(LINES, lines)}
          />
        )}
        {plan.more.length > 0 && !all && (
          <Button
            type="text"
            icon={<DownOutlined aria-hidden />}
            className={s.more}
            onClick={() => setAll(true)}
          >
            {t('form.all', { count: plan.more.length })}
          </Button>
        )}
        {all && plan.more.length > 0 && <div className={p.form}>{plan.more.map((f) => line(f, false))}</div>}
      </div>
      <footer className={s.foot}>
        <span className={s.hint}>{t('form.keys', { mod: modKey })}</span>
        <Button onClick={onClose}>{t('form.close')}</Button>
        {!record && (
          <Button onClick={() => void save(true)} disabled={form.saving}>
            {t('form.saveNext')}
          </Button>
        )}
        <Button type="primary" htmlType="submit" loading={form.saving}>
          {t('form.save')}
        </Button>
      </footer>
    </form>
  )
}

/** The price of a line that is added to a record that there is. */
function LinePrice({ definition, values }: { definition: ObjectDef; values: Record<string, unknown> }) {
  const named = values[definition.parent ?? '']
  const id = named !== null && typeof named === 'object' && 'id' in named ? String(named.id) : undefined
  const to = definition.fields[definition.parent ?? '']?.to
  const parent = useRecord(to ?? '', to ? id : undefined)
  return <PriceHint row={values} parent={parent.data} />
}
