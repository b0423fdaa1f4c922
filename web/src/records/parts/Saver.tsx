import { App } from 'antd'
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { announce } from '@/api/announce'
import { type ApiError, isApiError } from '@/api/client'
import { recordQuery, useUpdate } from '@/api/hooks'
import { queryClient } from '@/api/queryClient'
import type { FieldDef, FilterExpr, ObjectDef, RecordData, Ref } from '@/api/types'
import { matches } from '@/ui/match'
import { type Prompt, PromptDialog } from './PromptDialog'

/**
 * The one way in which lists, boards, calendars and pages change a value of a record: asks what the step needs, saves
 * optimistically, and settles a duplicate with the person. Resolves to null where it was called off;
 * rejects with `invalid`, which belongs beside the field.
 */
export type Save = (record: RecordData, values: Record<string, unknown>) => Promise<RecordData | null>

const SaverContext = createContext<Save | null>(null)

export function useSave(): Save {
  const save = useContext(SaverContext)
  if (!save) throw new Error('useSave outside <Saver>')
  return save
}

interface Dialog {
  prompt: Prompt
  done(extra: Record<string, unknown> | null): void
}

/** The record a lookup is being set to; a choice stands for itself. */
async function targetOf(
  field: FieldDef,
  value: unknown,
): Promise<{ record: RecordData; title: string } | null> {
  if (value === null || value === undefined) return null
  if (field.to) {
    const ref = (typeof value === 'object' ? value : { id: value, title: null }) as Ref
    const record = await queryClient.fetchQuery({ ...recordQuery(field.to, ref.id), staleTime: 60_000 })
    return { record, title: ref.title ?? '' }
  }
  return { record: { id: '', version: 0, value, [field.name]: value }, title: String(value) }
}

/** `prompts[].where`: every named field of the chosen record equals the value given. */
const meets = (where: Record<string, unknown>, record: RecordData) =>
  matches(
    { and: Object.entries(where ?? {}).map(([field, value]): FilterExpr => [field, '=', value]) },
    record,
  )

/** A dialog that asks again asks for something else. */
const keyOf = (prompt: Prompt) =>
  `${prompt.refused ? 'refused' : ''} ${prompt.fields.map((f) => f.name).join()}`

const LACKING = ['required_for_stage', 'open_tasks', 'no_decider']

/** Where a step was refused only for what it still needs: the fields to fill, and what no field here can say. */
export function lackingOf(
  object: ObjectDef,
  error: ApiError,
  values: Record<string, unknown>,
): { fields: FieldDef[]; reasons: string[] } | null {
  const errors = error.problem.errors ?? []
  if (errors.length === 0 || !errors.every((e) => LACKING.includes(e.code))) return null
  const field = (name: string) => {
    const found = object.fields[name]
    return found && found.writable !== false && found.readable !== false ? found : undefined
  }
  const fillable = (e: { field: string; code: string }) =>
    e.code === 'required_for_stage' && !(e.field in values) ? field(e.field) : undefined
  return {
    fields: errors.flatMap((e) => fillable(e) ?? []),
    reasons: errors.filter((e) => !fillable(e)).map((e) => e.message),
  }
}

export function Saver({ object, children }: { object: ObjectDef; children: ReactNode }) {
  const { modal } = App.useApp()
  const { t } = useTranslation('records')
  const { mutateAsync } = useUpdate(object.name)
  const [dialog, setDialog] = useState<Dialog | null>(null)

  const fill = useCallback(async (prompt: Prompt) => {
    const extra = await new Promise<Record<string, unknown> | null>((done) => setDialog({ prompt, done }))
    setDialog(null)
    return extra
  }, [])

  const ask = useCallback(
    async (record: RecordData, values: Record<string, unknown>) => {
      for (const prompt of object.prompts ?? []) {
        const on = object.fields[prompt.on]
        if (!on || !(prompt.on in values)) continue
        const target = await targetOf(on, values[prompt.on]).catch(() => null)
        if (!target || !meets(prompt.where, target.record)) continue
        const fields = prompt.fields
          .map((name) => object.fields[name])
          .filter((f): f is FieldDef => f !== undefined && f.writable !== false && !(f.name in values))
        if (fields.length === 0) continue
        const extra = await fill({ object, record, values, fields, target: target.title })
        if (!extra) return null
        return { ...values, ...extra }
      }
      return values
    },
    [object, fill],
  )

  const save = useCallback<Save>(
    async (record, wanted) => {
      const values = await ask(record, wanted)
      if (!values) return null
      const attempt = async (
        from: RecordData,
        values: Record<string, unknown>,
        allowDuplicate: boolean,
      ): Promise<RecordData | null> => {
        try {
          return await mutateAsync({ record: from, values, quiet: true, allowDuplicate })
        } catch (error) {
          if (!isApiError(error)) throw error
          const { duplicates } = error.problem
          if (error.code === 'duplicate_warning' && !duplicates?.some((d) => d.mode === 'block')) {
            const go = await modal.confirm({
              title: t('duplicates.title'),
              content: duplicates?.map((d) => d.title ?? t('duplicates.masked')).join(t('words.comma')),
              okText: t('duplicates.saveAnyway'),
              cancelText: t('prompt.cancel'),
            })
            return go ? attempt(from, values, true) : null
          }
          const lacking = lackingOf(object, error, values)
          if (lacking) {
            const target = Object.values(values).find(
              (v) => v !== null && typeof v === 'object' && 'title' in v,
            )
            const extra = await fill({
              object,
              record: from,
              values,
              fields: lacking.fields,
              target: (target as Ref | undefined)?.title ?? '',
              refused: { reasons: lacking.reasons },
            })
            return extra && attempt(from, { ...values, ...extra }, allowDuplicate)
          }
          // Whoever asked still has what was typed and shows why it is not saved; of a conflict the shell shows both values.
          if (error.code !== 'stale_version') throw error
          announce({ kind: 'failed', object: object.name, error, fields: Object.keys(values), mine: values })
          return null
        }
      }
      return attempt(record, values, false)
    },
    [ask, fill, modal, mutateAsync, object, t],
  )

  const context = useMemo(() => save, [save])
  return (
    <SaverContext value={context}>
      {children}
      {dialog && <PromptDialog key={keyOf(dialog.prompt)} prompt={dialog.prompt} onDone={dialog.done} />}
    </SaverContext>
  )
}
