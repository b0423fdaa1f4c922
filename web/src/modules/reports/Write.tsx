import { ReloadOutlined, SendOutlined } from '@ant-design/icons'
import { Alert, App, Button } from 'antd'
import { useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useObject } from '@/api/catalogue'
import { isApiError, randomKey } from '@/api/client'
import { useCreate } from '@/api/mutations'
import { useRecord } from '@/api/records'
import type { FieldDef } from '@/api/types'
import { refreshWork, type SpanAsked, useWorkDraft, type WorkDraft } from '@/api/work'
import { kindOf } from '@/fields/registry'
import { Card } from '@/ui/Page'
import { ListSkeleton } from '@/ui/Skeletons'
import { ErrorState, NoPermission, problemText } from '@/ui/states'
import { useDraft } from '@/ui/useDraft'
import { useLabel } from '@/ui/useLabel'
import { Counts } from './Counts'
import { ReportCard } from './ReportCard'
import css from './reports.module.css'

/** One's own report of a day or week: sent already, or to be written. */
export function Write(asked: SpanAsked) {
  const { t } = useTranslation('work')
  const data = useWorkDraft(asked)
  if (data.isError && !data.data) return <ErrorState error={data.error} onRetry={() => void data.refetch()} />
  if (!data.data) return <ListSkeleton rows={6} columns={2} />
  const draft = data.data
  return (
    <div className={css.write} aria-busy={data.isPlaceholderData}>
      <Card title={t('counts.title')} extra={draft.expected ? t('expected') : undefined}>
        <Counts counts={draft.counts} />
      </Card>
      {draft.sent ? (
        <Sent id={draft.sent} />
      ) : (
        <Form key={`${draft.kind}${draft.first_day}`} draft={draft} stale={data.isPlaceholderData} />
      )}
    </div>
  )
}

function Sent({ id }: { id: string }) {
  const record = useRecord('work_report', id)
  if (record.isError) return <ErrorState error={record.error} onRetry={() => void record.refetch()} />
  if (!record.data) return <ListSkeleton rows={6} columns={1} />
  return <ReportCard report={record.data} open />
}

type Typed = Partial<Record<'summary' | 'plan' | 'problems' | 'recipients', unknown>>
const asked = ['summary', 'plan', 'problems', 'recipients'] as const

function Form({ draft, stale }: { draft: WorkDraft; stale: boolean }) {
  const { t } = useTranslation('work')
  const { message } = App.useApp()
  const object = useObject('work_report')
  const kept = useDraft<Typed>(`work:${draft.kind}:${draft.first_day}`, {})
  const create = useCreate('work_report')
  const intent = useRef(randomKey())
  if (!can(object, 'create')) return <NoPermission />
  // Until somebody types, the text goes with what is recorded.
  const written: Typed = { summary: draft.summary, plan: draft.plan }
  const values: Typed = { ...written, ...kept.value }
  const touched = kept.value.summary !== undefined || kept.value.plan !== undefined
  const errors = create.error?.problem.errors ?? []
  // Goes on when the page is left meanwhile.
  const send = async () => {
    const said = { kind: draft.kind, first_day: draft.first_day, ...values }
    try {
      await create.mutateAsync({ values: said, idempotencyKey: intent.current, silent: true })
    } catch (e) {
      // The form says what is wrong; what is mended is another request, a lost answer the same one.
      if (!isApiError(e, 'offline')) intent.current = randomKey()
      return
    }
    kept.clear()
    void message.success(t('sent'))
    await refreshWork()
  }
  return (
    <Card
      title={t(draft.kind === 'weekly' ? 'write.weekly' : 'write.daily')}
      extra={
        touched && (
          <Button
            size="small"
            type="text"
            icon={<ReloadOutlined aria-hidden />}
            onClick={() => kept.set(({ summary: _, plan: __, ...rest }) => rest)}
          >
            {t('again')}
          </Button>
        )
      }
    >
      {create.error && errors.length === 0 && (
        <Alert
          type="error"
          showIcon
          className={css.alert}
          title={problemText(create.error) || t('state.failedText', { ns: 'app' })}
        />
      )}
      {asked.map((name) => {
        const field = object?.fields[name]
        return (
          field && (
            <Ask
              key={name}
              field={field}
              title={name === 'plan' ? t(draft.kind === 'weekly' ? 'plan.weekly' : 'plan.daily') : undefined}
              value={values[name] ?? null}
              disabled={create.isPending || stale}
              error={errors.find((e) => e.field === name)?.message}
              onChange={(value) => kept.set((old) => ({ ...old, [name]: value ?? '' }))}
            />
          )
        )
      })}
      {errors
        .filter((e) => !asked.some((name) => name === e.field))
        .map((e) => (
          <Alert key={e.field + e.code} type="error" showIcon className={css.alert} title={e.message} />
        ))}
      <div className={css.foot}>
        <Button
          type="primary"
          icon={<SendOutlined aria-hidden />}
          loading={create.isPending}
          disabled={stale}
          onClick={() => void send()}
        >
          {t('send')}
        </Button>
        <span className={css.hint}>{t('private')}</span>
      </div>
    </Card>
  )
}

interface AskProps {
  field: FieldDef
  title?: string
  value: unknown
  disabled: boolean
  error?: string
  onChange(value: unknown): void
}

function Ask({ field, title, value, disabled, error, onChange }: AskProps) {
  const label = useLabel()
  const id = useId()
  const { Edit } = kindOf(field)
  const help = field.type === 'multi_lookup' ? label(field.help) : ''
  return (
    <div className={css.ask}>
      <label htmlFor={id}>{title ?? label(field.label)}</label>
      <Edit
        id={id}
        field={field}
        value={value}
        disabled={disabled}
        status={error ? 'error' : undefined}
        onChange={onChange}
      />
      {error ? (
        <span className={css.error} role="alert">
          {error}
        </span>
      ) : (
        help && <span className={css.hint}>{help}</span>
      )}
    </div>
  )
}
