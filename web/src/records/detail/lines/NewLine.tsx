import { Button } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isApiError, randomKey } from '@/api/client'
import { useCreate, useViewer } from '@/api/hooks'
import type { FieldDef, ObjectDef, RecordData } from '@/api/types'
import { isComposing } from '@/ui/ime'
import { problemText } from '@/ui/states'
import { today } from '@/ui/time'
import { useDraft } from '@/ui/useDraft'
import { defaultsOf } from '../../model/formFields'
import { FormField } from '../../parts/FormField'
import { Refusals } from '../ActionDialog'
import s from './lines.module.css'

interface Props {
  target: ObjectDef
  fields: FieldDef[]
  /** The lookup of the line to its document. */
  parent: string
  document: RecordData
  onLeave(): void
}

/** A line being written at the end of a document: Enter saves it and begins the next one, Escape leaves. */
export function NewLine({ target, fields, parent, document, onLeave }: Props) {
  const { t } = useTranslation('trade')
  const { t: records } = useTranslation('records')
  const viewer = useViewer()
  const create = useCreate(target.name)
  const draft = useDraft<Record<string, unknown>>(`line:${target.name}:${document.id}`, {})
  const [begun] = useState(() =>
    defaultsOf(target, viewer, { today: today(), instant: new Date().toISOString() }),
  )
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [refusals, setRefusals] = useState<string[]>([])
  const [round, setRound] = useState(0)
  const box = useRef<HTMLFieldSetElement>(null)
  const busy = useRef(false)
  const intent = useRef(randomKey())
  // A value may come in the same tick as the Enter that saves it.
  const typed = useRef(draft.value)
  const values = { ...begun, ...draft.value }

  const focus = (field: string | undefined) =>
    requestAnimationFrame(() => {
      const next = field && box.current?.querySelector<HTMLInputElement>(`[data-field="${field}"] input`)
      if (!next) return
      next.focus()
      next.select()
    })
  const set = (field: FieldDef, value: unknown) => {
    typed.current = { ...typed.current, [field.name]: value }
    draft.set((old) => ({ ...old, [field.name]: value }))
    setErrors(({ [field.name]: _, ...others }) => others)
    setRefusals([])
    // With the product known its number comes next.
    if (field.type !== 'lookup' || value === null) return
    focus('quantity')
  }
  const save = async () => {
    if (busy.current) return
    busy.current = true
    const all: Record<string, unknown> = { ...begun, ...typed.current }
    const filled = fields.filter(
      (f) => all[f.name] !== null && all[f.name] !== undefined && all[f.name] !== '',
    )
    try {
      await create.mutateAsync({
        values: { ...Object.fromEntries(filled.map((f) => [f.name, all[f.name]])), [parent]: document.id },
        idempotencyKey: intent.current,
        silent: true,
      })
      intent.current = randomKey()
      typed.current = {}
      draft.clear()
      setErrors({})
      setRefusals([])
      setRound((n) => n + 1)
    } catch (e) {
      if (!isApiError(e)) throw e
      if (e.code !== 'offline') intent.current = randomKey()
      const list = e.problem.errors ?? []
      setErrors(Object.fromEntries(list.map((x) => [x.field, x.message])))
      const others = list.filter((x) => !fields.some((f) => f.name === x.field)).map((x) => x.message)
      setRefusals(list.length > 0 ? others : [problemText(e) || records('form.failed')])
      focus(list[0]?.field)
    } finally {
      busy.current = false
    }
  }

  return (
    <fieldset
      ref={box}
      className={s.adding}
      aria-label={t('lines.adding')}
      onKeyDown={(e) => {
        if (isComposing(e)) return
        const at = e.target as HTMLElement
        const list = at.getAttribute('role') === 'combobox' ? at : undefined
        // A list that is open takes Enter and Escape for itself.
        if (list?.getAttribute('aria-expanded') === 'true') return e.stopPropagation()
        if (e.key === 'Escape') {
          e.preventDefault()
          e.stopPropagation()
          onLeave()
        } else if (e.key === 'Enter' && !at.closest('button')) {
          const name = at.closest<HTMLElement>('[data-field]')?.dataset.field ?? ''
          // On an empty list it opens that.
          if (list && !{ ...begun, ...typed.current }[name]) return
          e.preventDefault()
          void save()
        }
      }}
    >
      <div className={s.addingFields}>
        {fields.map((field, i) => (
          <FormField
            key={`${round} ${field.name}`}
            field={field}
            value={values[field.name] ?? null}
            record={{ ...document, ...values, id: '', version: 0 }}
            error={errors[field.name]}
            autoFocus={i === 0}
            onChange={(v) => set(field, v)}
          />
        ))}
      </div>
      {refusals.length > 0 && (
        <div role="alert" className={s.refused}>
          <Refusals messages={refusals} />
        </div>
      )}
      <div className={s.addingFoot}>
        <span className={s.keys}>{t('lines.keys')}</span>
        <Button size="small" onClick={onLeave}>
          {t('lines.leave')}
        </Button>
        <Button size="small" type="primary" loading={create.isPending} onClick={() => void save()}>
          {t('lines.save')}
        </Button>
      </div>
    </fieldset>
  )
}
