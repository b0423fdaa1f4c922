import { useState } from 'react'
import { type ApiError, isApiError, randomKey } from '@/api/client'
import { useCreate, useUpdate } from '@/api/mutations'
import type { ObjectDef, RecordData } from '@/api/types'
import { missingOf } from '../FieldRows'

type Values = Record<string, unknown>

/** What was typed and not saved yet: a draft that survives a reload, or only in the window. */
export interface Typed {
  value: Values
  set(change: (old: Values) => Values): void
  clear(): void
}

export function useTyped(): Typed {
  const [value, set] = useState<Values>({})
  return { value, set, clear: () => set({}) }
}

interface Options {
  object: ObjectDef
  /** Fields the form is about. */
  names: string[]
  /** The one that is edited; without it one is made, beginning with `start`. */
  record?: RecordData
  start?: Values
  typed: Typed
  onSaved(saved: RecordData): void
}

/** Making or changing a record in a form of some of its fields: what is asked for, what the server found wrong, and saving once. */
export function useRecordEdit({ object, names, record, start, typed, onSaved }: Options) {
  const create = useCreate(object.name)
  const update = useUpdate(object.name)
  const [missing, setMissing] = useState<string[]>([])
  const [error, setError] = useState<ApiError | null>(null)
  const [key, setKey] = useState(randomKey)
  const busy = create.isPending || update.isPending
  const values: Values = { ...(record ?? start), ...typed.value }

  /** `more` goes along with what the form has. */
  const save = async (more?: Values) => {
    const empty = missingOf(object, names, values)
    setMissing(empty)
    setError(null)
    if (empty.length > 0 || busy) return
    const chosen = Object.fromEntries(names.filter((n) => n in values).map((n) => [n, values[n]]))
    const input = { ...chosen, ...more }
    try {
      const saved = record
        ? await update.mutateAsync({ record, values: input, quiet: true })
        : await create.mutateAsync({ values: input, idempotencyKey: key })
      typed.clear()
      onSaved(saved)
    } catch (e) {
      if (!isApiError(e)) throw e
      setError(e)
      // Corrected input is another request.
      if (e.code !== 'offline') setKey(randomKey())
    }
  }

  const told = error?.problem.errors ?? []
  return {
    values,
    save,
    busy,
    missing,
    error,
    /** What no field of the form can say. */
    trouble: error && !(told.length > 0 && told.every((e) => names.includes(e.field))) ? error : null,
    /** For the rows of fields. */
    rows: {
      values,
      onChange: (name: string, value: unknown) => typed.set((old) => ({ ...old, [name]: value })),
      error,
      missing,
    },
  }
}

export type RecordEdit = ReturnType<typeof useRecordEdit>
