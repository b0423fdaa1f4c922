import type { GoalLevel } from '@/api/targets'
import type { RecordData, Ref } from '@/api/types'
import { asRef } from '@/fields/shared/values'
import { decimal, shares, sumOf, units } from '@/ui/exact'
import { parseCell } from './understand/number'

export const MONTHS = Array.from({ length: 12 }, (_, i) => i)
/** Twelve of them; nothing where nothing is said. */
export type Months = (string | null)[]

export interface Line {
  key: string
  level: GoalLevel
  who: Ref | null
  depth: number
  /** Whose target a department's is. */
  owner?: Ref | null
  record?: RecordData
  /** People of a department and of all below it, or everybody for the company. */
  people: string[]
}

/** What was typed into a line and is not saved yet, and what stood there when the typing began. */
export interface Typed {
  base: { version: number; months: Months } | null
  cells: Record<number, string>
}

export const monthsOf = (record: RecordData | undefined): Months =>
  MONTHS.map((i) => {
    const value = record?.[`m${i + 1}`]
    return value === null || value === undefined ? null : String(value)
  })

/** Cells copied from a spreadsheet: lines of tabs, some of them in quotes; the line end that they all add is none. */
export function readBlock(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  const end = () => {
    rows.at(-1)?.push(cell)
    cell = ''
  }
  const whole = text.replace(/\r\n?/g, '\n').replace(/\n$/, '')
  for (let i = 0; i < whole.length; i++) {
    const c = whole[i]
    if (quoted) {
      if (c !== '"') cell += c
      else if (whole[i + 1] === '"') {
        cell += '"'
        i++
      } else quoted = false
    } else if (c === '"' && cell === '') quoted = true
    else if (c === '\t') end()
    else if (c === '\n') {
      end()
      rows.push([])
    } else cell += c
  }
  end()
  return rows
}

/** What a line holds with what was typed over it; undefined where that is no number. */
export const valuesOf = (line: Line, typed: Typed | undefined): (string | null | undefined)[] =>
  monthsOf(line.record).map((kept, i) => {
    const text = typed?.cells[i]
    if (text === undefined) return kept
    const parsed = parseCell(text)
    return 'value' in parsed ? parsed.value : undefined
  })

/** Q1 to Q4 and the year; undefined where a cell in it cannot be read. */
export function totals(values: (string | null | undefined)[]): (string | null | undefined)[] {
  const sum = (some: typeof values) => (some.includes(undefined) ? undefined : sumOf(some))
  return [...[0, 3, 6, 9].map((from) => sum(values.slice(from, from + 3))), sum(values)]
}

/** Cells whose text means another value than what is kept. */
export function changed(typed: Typed | undefined, kept: Months): number[] {
  return Object.entries(typed?.cells ?? {}).flatMap(([i, text]) => {
    const parsed = parseCell(text)
    return 'value' in parsed && parsed.value === (kept[Number(i)] ?? null) ? [] : [Number(i)]
  })
}

/** A year's sum in twelve parts: whole where the sum is whole, else to the cent; together exactly the sum. */
export function spread(total: string, weights: Months, whole: boolean): string[] | undefined {
  const sum = units(total)
  if (sum === undefined || sum < 0n) return undefined
  const one = 10_000n
  const step = whole || sum % one === 0n ? one : 100n
  if (whole && sum % one !== 0n) return undefined
  const heavy = weights.map((w) => (w ? (units(w) ?? 0n) : 0n))
  return shares(sum, heavy, step).map(decimal)
}

/** Cells that somebody else has changed meanwhile to something other than what was typed. */
export function clashes(typed: Typed, current: Months): number[] {
  const base = typed.base?.months ?? MONTHS.map(() => null)
  return Object.keys(typed.cells)
    .map(Number)
    .filter((i) => {
      const parsed = parseCell(typed.cells[i] ?? '')
      const mine = 'value' in parsed ? parsed.value : undefined
      const theirs = current[i] ?? null
      return theirs !== (base[i] ?? null) && theirs !== mine
    })
}

interface Company {
  departments: RecordData[]
  users: RecordData[]
  records: RecordData[]
  /** Everybody's is the viewer's to set. */
  whole: boolean
}

/** The company, its departments as a tree, and in each its people. */
export function linesOf({ departments, users, records, whole }: Company): Line[] {
  const byKey = new Map<string, RecordData>()
  for (const record of records) {
    const who = record.level === 'department' ? asRef(record.team) : asRef(record.owner)
    byKey.set(record.level === 'company' ? 'company' : `${record.level}:${who?.id}`, record)
  }
  const ids = new Set(departments.map((d) => d.id))
  const below = new Map<string, RecordData[]>()
  for (const d of departments) {
    const parent = asRef(d.parent)?.id
    const key = parent && ids.has(parent) ? parent : ''
    below.set(key, [...(below.get(key) ?? []), d])
  }
  const at = new Map<string, RecordData[]>()
  for (const user of users) {
    const department = asRef(user.department)?.id
    const key = department && ids.has(department) ? department : ''
    at.set(key, [...(at.get(key) ?? []), user])
  }
  const person = (user: RecordData, depth: number): Line => ({
    key: `person:${user.id}`,
    level: 'person',
    who: { id: user.id, title: String(user.name ?? '') },
    depth,
    record: byKey.get(`person:${user.id}`),
    people: [],
  })
  const seen = new Set<string>()
  const under = (department: RecordData, depth: number): Line[] => {
    if (seen.has(department.id)) return []
    seen.add(department.id)
    const own = (at.get(department.id) ?? []).map((user) => person(user, depth + 1))
    const more = (below.get(department.id) ?? []).flatMap((d) => under(d, depth + 1))
    const within = [...own, ...more]
    const line: Line = {
      key: `department:${department.id}`,
      level: 'department',
      who: { id: department.id, title: String(department.name ?? '') },
      depth,
      owner: asRef(department.manager),
      record: byKey.get(`department:${department.id}`),
      people: within.filter((l) => l.level === 'person').map((l) => l.key),
    }
    return [line, ...within]
  }
  const top = whole || byKey.has('company') ? 1 : 0
  const rest = [
    ...(below.get('') ?? []).flatMap((d) => under(d, top)),
    ...(at.get('') ?? []).map((user) => person(user, top)),
  ]
  if (!top) return rest
  const company: Line = {
    key: 'company',
    level: 'company',
    who: null,
    depth: 0,
    record: byKey.get('company'),
    people: rest.filter((l) => l.level === 'person').map((l) => l.key),
  }
  return [company, ...rest]
}
