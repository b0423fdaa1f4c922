import { useEffect, useMemo, useRef, useState } from 'react'
import { type ApiError, isApiError, randomKey } from '@/api/client'
import { findDuplicates, same, useCreate, useUpdate, useViewer } from '@/api/hooks'
import type { Duplicate, ObjectDef, RecordData } from '@/api/types'
import { fieldKinds } from '@/fields/registry'
import { today } from '@/ui/time'
import { useDraft } from '@/ui/useDraft'
import { changesOf, defaultsOf, fillable, formPlan } from '../model/formFields'
import { LINES, type TypedLines } from './LinesEdit'

export interface RecordForm {
  values: Record<string, unknown>
  errors: Record<string, string>
  duplicates: Duplicate[]
  /** Refused as a whole, for a reason that belongs to no field. */
  refused: ApiError | null
  saving: boolean
  /** Something typed here was kept from before. */
  restoredAt: string | undefined
  dirty: boolean
  set(name: string, value: unknown): void
  discard(): void
  /** Null when it was refused; the reasons are then in `errors`, `duplicates` or `refused`. */
  submit(allowDuplicate?: boolean): Promise<RecordData | null>
}

const plainKey = (initial: Record<string, unknown>) =>
  Object.entries(initial)
    .map(([k, v]) => `${k}=${v !== null && typeof v === 'object' && 'id' in v ? v.id : v}`)
    .join('&')

/** State of a form: a draft that survives, defaults beneath it, errors beside fields, duplicates while typing. */
export function useRecordForm(
  object: ObjectDef,
  record: RecordData | undefined,
  initial: Record<string, unknown>,
): RecordForm {
  const viewer = useViewer()
  const draft = useDraft<Record<string, unknown>>(
    record ? `form:${object.name}:${record.id}` : `form:${object.name}:new:${plainKey(initial)}`,
    {},
  )
  const defaults = useMemo(
    () => (record ? {} : defaultsOf(object, viewer, { today: today(), instant: new Date().toISOString() })),
    [object, viewer, record],
  )
  const values = useMemo(
    () => ({ ...defaults, ...record, ...initial, ...draft.value }),
    [defaults, record, initial, draft.value],
  )
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [duplicates, setDuplicates] = useState<Duplicate[]>([])
  const [refused, setRefused] = useState<ApiError | null>(null)
  const create = useCreate(object.name)
  const update = useUpdate(object.name)
  const intent = useRef(randomKey())
  // The state one began from: a colleague's later change of the same field is a conflict, not something to write over.
  const base = useRef(record)

  // Asked when typing pauses, with the fields that identify a record only.
  const watched = useMemo(() => {
    const names = new Set((object.duplicates ?? []).flatMap((d) => d.fields))
    const typed = [...names].filter(
      (n) => draft.value[n] !== undefined || (!record && initial[n] !== undefined),
    )
    return JSON.stringify(typed.map((n) => [n, values[n] ?? null]).filter(([, v]) => v !== null && v !== ''))
  }, [object, draft.value, values, record, initial])
  useEffect(() => {
    const pairs = JSON.parse(watched) as [string, unknown][]
    if (pairs.length === 0) return setDuplicates([])
    const abort = new AbortController()
    const timer = setTimeout(() => {
      findDuplicates(
        object.name,
        { ...Object.fromEntries(pairs), ...(record ? { id: record.id } : {}) },
        abort.signal,
      )
        .then(setDuplicates)
        // Only a hint: the server asks again when the record is saved.
        .catch(() => {})
    }, 500)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [watched, object.name, record])

  const set = (name: string, value: unknown) => {
    draft.set((old) => ({ ...old, [name]: value }))
    setRefused(null)
    // What was wrong with a line may stand elsewhere now.
    setErrors((old) =>
      Object.fromEntries(
        Object.entries(old).filter(([k]) => k !== name && !(name === LINES && k.startsWith(`${LINES}.`))),
      ),
    )
  }

  const submit = async (allowDuplicate = false): Promise<RecordData | null> => {
    if (create.isPending || update.isPending) return null
    const all = Object.values(object.fields).filter(fillable)
    const fields = record ? all.filter((f) => f.name in draft.value || f.name in initial) : all
    const changed = changesOf(fields, values, base.current, (f, v) => fieldKinds[f.type].isEmpty(v), same)
    setRefused(null)
    setErrors({})
    try {
      const saved = record
        ? Object.keys(changed).length === 0
          ? record
          : await update.mutateAsync({
              record: base.current ?? record,
              values: changed,
              quiet: true,
              silent: true,
              allowDuplicate,
            })
        : await create.mutateAsync({
            values: changed,
            lines: values[LINES] as TypedLines | undefined,
            allowDuplicate,
            idempotencyKey: intent.current,
          })
      intent.current = randomKey()
      draft.clear()
      setDuplicates([])
      return saved
    } catch (e) {
      if (!isApiError(e)) throw e
      // Corrected input is another request; only a lost answer is repeated under the same key.
      if (e.code !== 'offline') intent.current = randomKey()
      if (e.code === 'stale_version' && e.problem.current) base.current = e.problem.current
      if (e.problem.duplicates?.length) setDuplicates(e.problem.duplicates)
      const beside = e.problem.errors ?? []
      setErrors(Object.fromEntries(beside.map((x) => [x.field, x.message])))
      const shown = (name: string) => object.fields[name] !== undefined || name.startsWith(`${LINES}.`)
      if (beside.length === 0 || beside.some((x) => !shown(x.field))) setRefused(e)
      return null
    }
  }

  return {
    values,
    errors,
    duplicates,
    refused,
    saving: create.isPending || update.isPending,
    restoredAt: draft.restoredAt,
    dirty: Object.keys(draft.value).length > 0,
    set,
    discard: () => {
      draft.clear()
      setErrors({})
      setRefused(null)
    },
    submit,
  }
}

export const planOf = (object: ObjectDef, initial: Record<string, unknown>, record: RecordData | undefined) =>
  formPlan(object, Object.keys(initial), record)
