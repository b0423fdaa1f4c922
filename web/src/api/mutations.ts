import { useMutation } from '@tanstack/react-query'
import { announce } from './announce'
import { dropRecords, patchRecord, refreshAfterWrite, refreshObject, refreshTimelines } from './cache'
import { type ApiError, api, ifMatch, isApiError, randomKey, recordPath, toInput } from './client'
import { refreshMoved } from './pools'
import { keys, queryClient } from './queryClient'
import type { Attachment, BulkRequest, BulkResult, FileRef, RecordData } from './types'

export interface CreateInput {
  values: Record<string, unknown>
  /** Lines that are written along with it, by object. */
  lines?: Record<string, Record<string, unknown>[]>
  /** After the viewer has seen the duplicates and wants it all the same. */
  allowDuplicate?: boolean
  /** Made when the form opens and kept over repeats, so that a double click or a lost answer makes one record. */
  idempotencyKey?: string
  /** No "created" toast: the caller says it in its own words, or it stands there at once. */
  silent?: boolean
}

function withLines(lines: CreateInput['lines']) {
  const some = Object.entries(lines ?? {}).filter(([, rows]) => rows.length > 0)
  return some.length > 0
    ? { _lines: Object.fromEntries(some.map(([child, rows]) => [child, rows.map(toInput)])) }
    : {}
}

export function useCreate(object: string) {
  return useMutation<RecordData, ApiError, CreateInput>({
    mutationFn: ({ values, lines, allowDuplicate, idempotencyKey }) =>
      api.post<RecordData>(
        recordPath(object),
        { ...toInput(values), ...withLines(lines) },
        {
          query: { allow_duplicate: allowDuplicate || undefined },
          // A repeat that allows the duplicate is another request to the server, hence another key.
          idempotencyKey: idempotencyKey && idempotencyKey + (allowDuplicate ? '-dup' : ''),
        },
      ),
    onSuccess: (record, { lines, silent }) => {
      queryClient.setQueryData(keys.one(object, record.id), record)
      refreshObject(object)
      for (const child of Object.keys(lines ?? {})) refreshObject(child)
      if (!silent) announce({ kind: 'created', object, record })
    },
  })
}

export interface UpdateInput {
  /** The record as the viewer saw it when he began. */
  record: RecordData
  values: Record<string, unknown>
  /** The caller shows errors itself (beside the field): no toast. */
  quiet?: boolean
  /** No "saved · undo" toast. */
  silent?: boolean
  allowDuplicate?: boolean
}

export const same = (a: unknown, b: unknown): boolean => {
  const plain = (v: unknown) => JSON.stringify(toInput({ v: v ?? null }))
  return plain(a) === plain(b)
}

// Two quick edits of one record go one after the other: the second must carry the version that the first one made.
const queues = new Map<string, Promise<unknown>>()
const versions = new Map<string, number>()

async function save(object: string, { record, values, allowDuplicate }: UpdateInput): Promise<RecordData> {
  const key = `${object}/${record.id}`
  const turn = (queues.get(key) ?? Promise.resolve()).catch(() => {})
  const run = turn.then(async () => {
    const body = toInput(values)
    const options = { query: { allow_duplicate: allowDuplicate || undefined } }
    const version = Math.max(record.version, versions.get(key) ?? 0)
    try {
      return await api.patch<RecordData>(recordPath(object, record.id), body, {
        ...options,
        headers: ifMatch({ version }),
      })
    } catch (e) {
      const current = isApiError(e, 'stale_version') ? e.problem.current : undefined
      // Somebody changed other fields meanwhile: nothing is overwritten, so the edit goes on top of his.
      if (!current || Object.keys(values).some((f) => !same(current[f], record[f]))) throw e
      return await api.patch<RecordData>(recordPath(object, record.id), body, {
        ...options,
        headers: ifMatch(current),
      })
    }
  })
  queues.set(key, run)
  try {
    const saved = await run
    versions.set(key, saved.version)
    return saved
  } finally {
    if (queues.get(key) === run) queues.delete(key)
  }
}

/** Optimistic: the page shows the new value at once and takes it back, with a word, if the server refuses. */
export function useUpdate(object: string) {
  return useMutation<RecordData, ApiError, UpdateInput>({
    mutationFn: (input) => save(object, input),
    onMutate: async ({ record, values }) => {
      await queryClient.cancelQueries({ queryKey: keys.one(object, record.id) })
      patchRecord(object, record.id, values)
    },
    onError: (error, { record, values, quiet }) => {
      const fields = Object.keys(values)
      const current = error.problem.current
      patchRecord(object, record.id, current ?? Object.fromEntries(fields.map((f) => [f, record[f] ?? null])))
      if (!quiet) announce({ kind: 'failed', object, error, fields, mine: values })
    },
    onSuccess: (saved, { record, values, silent }) => {
      const fields = Object.keys(values)
      patchRecord(object, saved.id, saved)
      refreshAfterWrite(object, saved.id, fields)
      if (silent) return
      const before = Object.fromEntries(fields.map((f) => [f, record[f] ?? null]))
      announce({
        kind: 'updated',
        object,
        record: saved,
        fields,
        undo: async () => {
          patchRecord(object, saved.id, before)
          const back = await save(object, { record: saved, values: before })
          patchRecord(object, back.id, back)
          refreshAfterWrite(object, back.id, fields)
        },
      })
    },
  })
}

const restore = (object: string, id: string) =>
  api.post<RecordData>(`/trash/${encodeURIComponent(object)}/${encodeURIComponent(id)}/restore`)

const refreshRestored = (object: string) => {
  refreshObject(object)
  void queryClient.invalidateQueries({ queryKey: keys.trash })
}

export const restoreRecord = async (object: string, id: string) => {
  const record = await restore(object, id)
  refreshRestored(object)
  return record
}

/** A few at a time: browsers hold six connections to a server, and the page needs some of them meanwhile. */
async function restoreRecords(object: string, ids: string[]) {
  const waiting = [...ids]
  const one = async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) await restore(object, id)
  }
  try {
    await Promise.all([one(), one(), one(), one()])
  } finally {
    refreshRestored(object)
  }
}

export function useRemove(object: string) {
  return useMutation<void, ApiError, { id: string; title?: string | null }>({
    mutationFn: ({ id }) => api.delete<void>(recordPath(object, id)),
    onSuccess: (_, { id, title }) => {
      dropRecords(object, [id])
      queryClient.removeQueries({ queryKey: keys.one(object, id) })
      refreshObject(object)
      void queryClient.invalidateQueries({ queryKey: keys.trash })
      announce({ kind: 'deleted', object, ids: [id], title, undo: () => restoreRecord(object, id) })
    },
    onError: (error) => announce({ kind: 'failed', object, error, fields: [] }),
  })
}

/** The record after an action, and what that made: where one goes on. */
export type Acted = RecordData & { _made?: { object: string; id: string }[] }

export function useAct(object: string) {
  return useMutation<
    Acted,
    ApiError,
    { id: string; action: string; input?: Record<string, unknown>; quiet?: boolean }
  >({
    mutationFn: ({ id, action, input }) =>
      api.post<Acted>(recordPath(object, id, 'actions', action), toInput(input ?? {})),
    onSuccess: (record, { id, action }) => {
      if (record && typeof record === 'object') patchRecord(object, id, record)
      refreshObject(object)
      refreshMoved(action)
    },
    onError: (error, { quiet }) => {
      if (!quiet) announce({ kind: 'failed', object, error, fields: [] })
    },
  })
}

export function useBulk(object: string) {
  return useMutation<BulkResult, ApiError, BulkRequest>({
    mutationFn: (input) =>
      api.post<BulkResult>(
        recordPath(object, undefined, 'bulk'),
        input.values ? { ...input, values: toInput(input.values) } : input,
      ),
    onSuccess: (result, input) => {
      const failed = new Set(result.failed.map((f) => f.id))
      const done = input.ids.filter((id) => !failed.has(id))
      if (input.action === 'delete') {
        dropRecords(object, done)
        void queryClient.invalidateQueries({ queryKey: keys.trash })
        if (done.length > 0) {
          announce({
            kind: 'deleted',
            object,
            ids: done,
            undo: () => restoreRecords(object, done),
          })
        }
      }
      refreshObject(object)
      refreshMoved(input.action)
    },
  })
}

export const uploadFile = (file: File, signal?: AbortSignal) => {
  const form = new FormData()
  form.append('file', file)
  return api.post<FileRef & { name?: string }>('/files', form, { signal, idempotencyKey: randomKey() })
}

export function useAttach(object: string, id: string) {
  return useMutation<Attachment, ApiError, File>({
    mutationFn: (file) => {
      const form = new FormData()
      form.append('file', file)
      return api.post<Attachment>(recordPath(object, id, 'attachments'), form)
    },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.attachments(object, id) })
      refreshTimelines()
    },
  })
}

export function useDetach(object: string, id: string) {
  return useMutation<void, ApiError, string>({
    mutationFn: (file) => api.delete<void>(`/files/${encodeURIComponent(file)}`),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.attachments(object, id) }),
  })
}
