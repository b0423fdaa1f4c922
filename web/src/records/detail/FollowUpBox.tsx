import { App, Button, Segmented } from 'antd'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isApiError, randomKey } from '@/api/client'
import { can, useCatalogue, useCreate } from '@/api/hooks'
import { keys, queryClient } from '@/api/queryClient'
import type { ObjectDef, RecordData } from '@/api/types'
import { fieldKinds } from '@/fields/registry'
import { MentionArea } from '@/fields/shared/MentionArea'
import { isComposing } from '@/ui/ime'
import { problemText } from '@/ui/states'
import { useDraft } from '@/ui/useDraft'
import { useLabel } from '@/ui/useLabel'
import { modKey, useShortcut } from '@/ui/useShortcut'
import { useValueText } from '../parts/useFields'
import { alongOf, followUpOf } from './followUp'
import s from './followup.module.css'

interface Text {
  kind?: string
  content?: string
  result?: unknown
  next?: unknown
}

/** Writes down a call or a visit without leaving the page. What is typed stays until it is saved. */
export function FollowUpBox({ object, record }: { object: ObjectDef; record: RecordData }) {
  const { t } = useTranslation('records')
  const { message } = App.useApp()
  const label = useLabel()
  const text = useValueText()
  const { objects } = useCatalogue()
  const shape = followUpOf(objects, object)
  const create = useCreate('follow_up')
  const draft = useDraft<Text>(`follow:${object.name}:${record.id}`, {})
  const [active, setActive] = useState(false)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const box = useRef<TextAreaRef>(null)
  const intent = useRef(randomKey())
  useShortcut('n', () => box.current?.focus(), { enabled: shape !== undefined })
  if (!shape || !can(shape.object, 'create')) return null

  const { value } = draft
  const kinds = shape.kind?.options ?? []
  const kind = value.kind ?? (typeof shape.kind?.default === 'string' ? shape.kind.default : kinds[0]?.value)
  const open = active || Boolean(value.content)
  const put = (change: Text) => {
    setErrors({})
    draft.set((old) => ({ ...old, ...change }))
  }
  const save = () => {
    if (!value.content?.trim() || create.isPending) return
    const title = object.fields[object.title]
    create.mutate(
      {
        idempotencyKey: intent.current,
        values: {
          ...alongOf(shape.object, shape.link, object, record),
          [shape.link.name]: { id: record.id, title: title ? text(title, record[title.name]) : '' },
          ...(shape.kind ? { [shape.kind.name]: kind } : {}),
          [shape.content.name]: value.content.trim(),
          ...(shape.result && value.result ? { [shape.result.name]: value.result } : {}),
          ...(shape.next && value.next ? { [shape.next.name]: value.next } : {}),
        },
      },
      {
        onSuccess: () => {
          intent.current = randomKey()
          draft.clear()
          setActive(false)
          // A follower moves the last and next contact of the record a moment later.
          setTimeout(
            () => void queryClient.invalidateQueries({ queryKey: keys.one(object.name, record.id) }),
            400,
          )
        },
        onError: (e) => {
          if (e.code !== 'offline') intent.current = randomKey()
          const beside = isApiError(e) ? (e.problem.errors ?? []) : []
          setErrors(Object.fromEntries(beside.map((x) => [x.field, x.message])))
          if (beside.length === 0) void message.error(problemText(e) || t('follow.failed'))
        },
      },
    )
  }
  const Result = shape.result ? fieldKinds[shape.result.type].Edit : null
  const Next = shape.next ? fieldKinds[shape.next.type].Edit : null
  const wrong = Object.values(errors)

  return (
    <div
      className={s.box}
      role="form"
      aria-label={t('follow.name')}
      onFocus={() => setActive(true)}
      onKeyDown={(e) => {
        if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && !isComposing(e)) {
          e.preventDefault()
          save()
        }
      }}
    >
      {open && kinds.length > 0 && (
        <Segmented
          size="small"
          value={kind}
          aria-label={label(shape.kind?.label)}
          options={kinds.map((o) => ({ value: o.value, label: label(o.label) }))}
          onChange={(v) => put({ kind: String(v) })}
        />
      )}
      <MentionArea
        ref={box}
        value={value.content ?? ''}
        onChange={(content) => put({ content })}
        placeholder={t('follow.placeholder')}
        aria-label={label(shape.content.label)}
        status={errors[shape.content.name] ? 'error' : undefined}
        autoSize={{ minRows: open ? 3 : 1, maxRows: 12 }}
      />
      {open && (
        <div className={s.line}>
          {shape.result && Result && (
            <div className={s.field}>
              <span className={s.label}>{label(shape.result.label)}</span>
              <Result
                field={shape.result}
                value={value.result ?? null}
                onChange={(v) => put({ result: v })}
              />
            </div>
          )}
          {shape.next && Next && (
            <div className={s.field}>
              <span className={s.label}>{label(shape.next.label)}</span>
              <Next field={shape.next} value={value.next ?? null} onChange={(v) => put({ next: v })} />
            </div>
          )}
        </div>
      )}
      {wrong.length > 0 && (
        <div role="alert" className={s.error}>
          {wrong.join(t('words.comma'))}
        </div>
      )}
      {open && (
        <div className={s.foot}>
          <span className={s.hint}>{t('follow.keys', { mod: modKey })}</span>
          <Button
            size="small"
            onClick={() => {
              draft.clear()
              setActive(false)
            }}
          >
            {t('follow.discard')}
          </Button>
          <Button
            size="small"
            type="primary"
            disabled={!value.content?.trim()}
            loading={create.isPending}
            onClick={save}
          >
            {t('follow.save')}
          </Button>
        </div>
      )}
    </div>
  )
}
