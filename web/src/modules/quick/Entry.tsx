import { Alert, Button, Input, Segmented, Switch } from 'antd'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue } from '@/api/hooks'
import { MentionArea } from '@/fields/shared/MentionArea'
import { useValueText } from '@/records/parts/useFields'
import { isComposing } from '@/ui/ime'
import { closeQuick } from '@/ui/quick'
import { problemText } from '@/ui/states'
import { kindIn } from '@/ui/understand/kind'
import { type Reading, readWhen, useWhen } from '@/ui/understand/useWhen'
import { useDraft } from '@/ui/useDraft'
import { useLabel } from '@/ui/useLabel'
import { modKey } from '@/ui/useShortcut'
import { LastTouched } from './LastTouched'
import { NextChip } from './NextChip'
import css from './quick.module.css'
import { Templates } from './Templates'
import { type About, useQuickSave } from './useQuickSave'
import { Visit } from './Visit'

interface Text {
  content?: string
  /** Chosen by hand; guessed from the words without. */
  kind?: string
  result?: string
  /** Picked by hand; null: none. Read from the text without. */
  next?: string | null
  /** The words that were recognised and removed again: they are not offered twice. */
  removed?: string
  step?: string
  task?: boolean
  place?: string
}

interface Props {
  /** Under which what is typed survives. */
  name: string
  about: About | undefined
  /** The record is chosen in the box: nothing is said of it above. */
  chosen: boolean
}

export function Entry({ name, about, chosen }: Props) {
  const { t } = useTranslation('quick')
  const label = useLabel()
  const text = useValueText()
  const { objects } = useCatalogue()
  const draft = useDraft<Text>(name, {})
  const [photos, setPhotos] = useState<File[]>([])
  const box = useRef<TextAreaRef>(null)
  const { save, busy, stopped, written } = useQuickSave()
  const { value } = draft
  const content = value.content ?? ''
  const shown = useWhen(content)
  const sending = useRef(false)
  const fields = objects.follow_up?.fields ?? {}
  const { kind: kindField, result: resultField, next_at: nextField } = fields
  const kinds = kindField?.options ?? []

  const standard = typeof kindField?.default === 'string' ? kindField.default : kinds[0]?.value
  const meant = ({ when, step: read }: Reading) => {
    const guessed = kindIn(
      content,
      kinds.map((k) => k.value),
      when ?? undefined,
    )
    const recognised = when && when.text !== value.removed ? when : null
    const next = value.next !== undefined ? value.next : (recognised?.at ?? null)
    return {
      kind: value.kind ?? guessed ?? standard,
      recognised,
      next,
      step: value.step ?? (next ? read : ''),
    }
  }
  const { when } = shown
  const { kind, recognised, next, step } = meant(shown)
  const mayTask = can(objects.task, 'create')
  const put = (change: Text) => draft.set((old) => ({ ...old, ...change }))

  // The box is for writing: where the record is known, the caret stands in it at once.
  const ready = about !== undefined
  useEffect(() => {
    if (ready) box.current?.focus({ cursor: 'end' })
  }, [ready])

  const send = async () => {
    if (!about || content.trim() === '' || busy || sending.current) return
    sending.current = true
    try {
      // Whoever saves the moment he has written has not been shown yet what was read: it counts all the same.
      const { kind, next, step } = meant(await readWhen(content))
      const first = content.trim().split('\n')[0] ?? ''
      const saved = await save(about, {
        kind,
        content,
        result: value.result,
        next,
        step,
        place: kind === 'visit' ? (value.place ?? '') : '',
        task: value.task && mayTask ? step.trim() || first : undefined,
        photos: kind === 'visit' ? photos : [],
      })
      if (!saved) return
      draft.clear()
      closeQuick()
    } finally {
      sending.current = false
    }
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (isComposing(e)) return
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
      e.preventDefault()
      void send()
      return
    }
    // By the place of the key: with Alt a Mac types other signs.
    if (e.altKey && e.code === 'KeyT' && next && mayTask) {
      e.preventDefault()
      put({ task: !value.task })
      return
    }
    const digit = e.altKey && !e.ctrlKey && !e.metaKey && /^Digit([1-9])$/.exec(e.code)?.[1]
    const picked = digit && kinds[Number(digit) - 1]
    if (!picked) return
    e.preventDefault()
    put({ kind: picked.value })
  }
  const titleField = about?.object.fields[about.object.title]
  const title = about && titleField && text(titleField, about.record[titleField.name])
  const beside = stopped?.error.problem.errors?.map((x) => x.message).join(t('comma'))

  return (
    <div className={css.entry} role="form" aria-label={t('title')} onKeyDown={onKeyDown}>
      {about && !chosen && (
        <p className={css.about}>
          <span className={css.quiet}>{label(about.object.label)}</span> {title}
        </p>
      )}
      {about && <LastTouched object={about.object} record={about.record} />}
      {draft.restoredAt && content !== '' && (
        <p className={css.restored}>
          {t('restored')}
          <Button type="link" size="small" onClick={draft.clear}>
            {t('discard')}
          </Button>
        </p>
      )}
      <MentionArea
        ref={box}
        value={content}
        onChange={(next) => put({ content: next })}
        placeholder={t('placeholder')}
        aria-label={label(fields.content?.label)}
        maxLength={fields.content?.max_length}
        disabled={written}
        autoSize={{ minRows: 4, maxRows: 14 }}
      />
      {kinds.length > 0 && (
        <div className={css.kinds}>
          <Segmented
            size="small"
            value={kind}
            aria-label={label(kindField?.label)}
            options={kinds.map((o, i) => ({
              value: o.value,
              label: label(o.label),
              title: i < 9 ? `Alt+${i + 1}` : undefined,
            }))}
            onChange={(v) => put({ kind: String(v) })}
          />
          <Templates
            text={content}
            onPick={(words) => {
              put({ content: content.trim() === '' ? words : `${content.trimEnd()}\n${words}` })
              box.current?.focus({ cursor: 'end' })
            }}
          />
        </div>
      )}
      {resultField?.options && (
        <fieldset className={css.results}>
          <legend className="gx-visually-hidden">{label(resultField.label)}</legend>
          {resultField.options.map((o) => (
            <button
              key={o.value}
              type="button"
              className={css.result}
              aria-pressed={value.result === o.value}
              onClick={() => put({ result: value.result === o.value ? undefined : o.value })}
            >
              {label(o.label)}
            </button>
          ))}
        </fieldset>
      )}
      {kind === 'visit' && (
        <Visit
          place={value.place ?? ''}
          onPlace={(place) => put({ place })}
          photos={photos}
          onPhotos={setPhotos}
          hasPlace={fields.place !== undefined}
          hasPhotos={objects.follow_up?.traits.includes('attachments') ?? false}
        />
      )}
      {nextField && (
        <div className={css.next}>
          <NextChip
            field={nextField}
            value={next}
            from={value.next === undefined ? recognised?.text : undefined}
            onChange={(at) =>
              // Removed words are forgotten when the text names another moment.
              at === null && value.next === undefined && recognised
                ? put({ removed: recognised.text })
                : put({ next: at === null ? undefined : at, removed: at === null ? when?.text : undefined })
            }
          />
          {next && (
            <Input
              size="small"
              className={css.step}
              value={step}
              maxLength={fields.next_step?.max_length ?? 200}
              placeholder={t('next.step')}
              aria-label={t('next.step')}
              onChange={(e) => put({ step: e.target.value })}
            />
          )}
          {next && mayTask && (
            // biome-ignore lint/a11y/noLabelWithoutControl: the switch is inside
            <label className={css.task} title="Alt+T">
              <Switch size="small" checked={value.task ?? false} onChange={(task) => put({ task })} />
              <span>{t('next.task')}</span>
            </label>
          )}
        </div>
      )}
      {stopped && (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={t(`stopped.${stopped.part}`)}
          description={beside || problemText(stopped.error) || undefined}
        />
      )}
      <footer className={css.foot}>
        <span className={css.hint}>{t('keys', { mod: modKey, count: Math.min(9, kinds.length) })}</span>
        <Button onClick={closeQuick}>{t('close')}</Button>
        <Button
          type="primary"
          loading={busy}
          disabled={!about || content.trim() === ''}
          onClick={() => void send()}
        >
          {t(written ? 'goOn' : 'save')}
        </Button>
      </footer>
    </div>
  )
}
