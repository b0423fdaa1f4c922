import { useEffect, useRef, useState } from 'react'
import { ApiError, api, ifMatch, isApiError, randomKey, recordPath } from '@/api/client'
import { findTarget, type GridAsked, keepSaved } from '@/api/targetGrid'
import type { RecordData } from '@/api/types'
import { problemText } from '@/ui/states'
import { useDraft } from '@/ui/useDraft'
import { changed, clashes, type Line, monthsOf, type Typed } from './model'
import { parseCell } from './understand/number'

export type Status =
  | { is: 'saving' }
  | { is: 'saved' }
  /** `cells`: the server's words by month. */
  | { is: 'failed'; text: string; cells: Record<number, string> }
  /** Somebody else has changed the same cells: `current` is what stands there now. */
  | { is: 'clash'; cells: number[]; current: RecordData }

type Drafts = Record<string, Typed>

const errorsOf = (error: ApiError): Record<number, string> =>
  Object.fromEntries(
    (error.problem.errors ?? []).flatMap((e) => {
      const month = /^m(\d+)$/.exec(e.field)?.[1]
      return month ? [[Number(month) - 1, e.message]] : []
    }),
  )

/** What is typed into a grid of targets and how it comes to the server: line by line, nothing lost, nothing of others overwritten. */
export function useGrid(asked: GridAsked, lines: Line[]) {
  const draft = useDraft<Drafts>(`targets:${asked.year}:${asked.measure}:${asked.product ?? ''}`, {})
  const [status, setStatus] = useState<Record<string, Status>>({})
  // What is saved later is what is there then.
  const now = useRef({ lines, typed: draft.value, status })
  now.current.lines = lines
  now.current.status = status
  useEffect(() => {
    now.current.typed = draft.value
  }, [draft.value])
  const running = useRef(new Set<string>())
  const intents = useRef(new Map<string, { body: string; key: string }>())

  const change = (next: Drafts) => {
    now.current.typed = next
    if (Object.keys(next).length === 0) draft.clear()
    else draft.set(next)
  }
  const tell = (key: string, value: Status | undefined) =>
    setStatus((old) => {
      const next = { ...old }
      if (value) next[key] = value
      else delete next[key]
      return next
    })
  const lineOf = (key: string) => now.current.lines.find((l) => l.key === key)

  /** Puts texts into cells, of several lines perhaps. */
  const type = (texts: { key: string; month: number; text: string }[]) => {
    const next = { ...now.current.typed }
    for (const { key, month, text } of texts) {
      const line = lineOf(key)
      if (!line) continue
      const old = next[key]
      const base = old
        ? old.base
        : line.record
          ? { version: line.record.version, months: monthsOf(line.record) }
          : null
      next[key] = { base, cells: { ...old?.cells, [month]: text } }
    }
    change(next)
    for (const key of new Set(texts.map((t) => t.key))) {
      if (now.current.status[key]?.is !== 'clash' && now.current.status[key]?.is !== 'saving')
        tell(key, undefined)
    }
  }

  /** Takes the typing of a cell back. */
  const restore = (key: string, month: number) => {
    const old = now.current.typed[key]
    if (!old) return
    const cells = { ...old.cells }
    delete cells[month]
    const next = { ...now.current.typed }
    if (Object.keys(cells).length > 0) next[key] = { ...old, cells }
    else delete next[key]
    change(next)
    if (!next[key]) tell(key, undefined)
  }

  const forget = (key: string, sent: Record<number, string>, record: RecordData | undefined) => {
    const old = now.current.typed[key]
    if (!old) return
    const cells = Object.fromEntries(
      Object.entries(old.cells).filter(([i, text]) => sent[Number(i)] !== text),
    ) as Record<number, string>
    const next = { ...now.current.typed }
    if (Object.keys(cells).length === 0) delete next[key]
    else {
      const base = record ? { version: record.version, months: monthsOf(record) } : old.base
      next[key] = { base, cells }
    }
    change(next)
  }

  const write = async (line: Line, typed: Typed, over: RecordData | undefined): Promise<RecordData> => {
    const values = Object.fromEntries(
      Object.entries(typed.cells).map(([i, text]) => {
        const parsed = parseCell(text)
        return [`m${Number(i) + 1}`, 'value' in parsed ? parsed.value : null]
      }),
    )
    const record = over ?? line.record
    if (record) {
      const version = over ? over.version : (typed.base?.version ?? record.version)
      return api.patch<RecordData>(recordPath('target', record.id), values, { headers: ifMatch({ version }) })
    }
    const whose =
      line.level === 'department'
        ? { team: line.who?.id, ...(line.owner ? { owner: line.owner.id } : {}) }
        : line.level === 'person'
          ? { owner: line.who?.id }
          : {}
    const body = {
      year: asked.year,
      measure: asked.measure,
      level: line.level,
      product: asked.product ?? null,
      ...whose,
      ...values,
    }
    // A repeat after a lost answer makes no second one.
    const text = JSON.stringify(body)
    const before = intents.current.get(line.key)
    const intent = before?.body === text ? before : { body: text, key: randomKey() }
    intents.current.set(line.key, intent)
    return api.post<RecordData>(recordPath('target'), body, { idempotencyKey: intent.key })
  }

  /** Somebody was quicker: what he did not touch is saved over his version, the rest is asked about. */
  const meet = async (line: Line, typed: Typed, error: unknown): Promise<RecordData | 'clash'> => {
    let current: RecordData | undefined
    if (isApiError(error, 'stale_version')) current = error.problem.current
    else if (isApiError(error) && error.problem.errors?.some((e) => e.code === 'duplicate_target'))
      current = await findTarget(asked, line.level, line.who?.id)
    if (!current) throw error
    const cells = clashes(typed, monthsOf(current))
    if (cells.length === 0) return write(line, typed, current)
    await keepSaved(current)
    tell(line.key, { is: 'clash', cells, current })
    return 'clash'
  }

  const save = async (key: string, over?: RecordData): Promise<void> => {
    const line = lineOf(key)
    const typed = now.current.typed[key]
    if (!line || !typed || running.current.has(key)) return
    const before = now.current.status[key]
    if (before?.is === 'clash' && !over) return
    if (Object.values(typed.cells).some((text) => 'wrong' in parseCell(text))) return
    const kept = over ? monthsOf(over) : monthsOf(line.record)
    if (changed(typed, kept).length === 0) {
      forget(key, typed.cells, over ?? line.record)
      tell(key, undefined)
      return
    }
    running.current.add(key)
    tell(key, { is: 'saving' })
    try {
      const record = await write(line, typed, over).catch((e) => meet(line, typed, e))
      if (record === 'clash') return
      await keepSaved(record)
      forget(key, typed.cells, record)
      intents.current.delete(key)
      tell(key, { is: 'saved' })
    } catch (e) {
      const error = e instanceof ApiError ? e : undefined
      tell(key, { is: 'failed', text: problemText(error), cells: error ? errorsOf(error) : {} })
    } finally {
      running.current.delete(key)
    }
  }

  /** Ends a clash: mine over his, or his instead of mine. */
  const settle = async (key: string, mine: boolean) => {
    const clash = now.current.status[key]
    if (clash?.is !== 'clash') return
    if (mine) return save(key, clash.current)
    const old = now.current.typed[key]
    const theirs = Object.fromEntries(clash.cells.map((i) => [i, old?.cells[i] ?? '']))
    forget(key, theirs, clash.current)
    now.current.status = { ...now.current.status, [key]: { is: 'saved' } }
    tell(key, undefined)
    return save(key)
  }

  return {
    typed: draft.value,
    status,
    restoredAt: draft.restoredAt,
    waiting: Object.keys(draft.value).length,
    type,
    restore,
    save,
    settle,
    saveAll: () => Promise.all(Object.keys(now.current.typed).map((key) => save(key))),
  }
}

export type Grid = ReturnType<typeof useGrid>
