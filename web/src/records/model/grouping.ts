/**
 * Grouped lists. The server counts the groups (aggregate); each group's records are a list of their own under the group's
 * condition. Here: rows → groups, group → condition, and the flat sequence of lines the virtual list draws.
 */
import type { DateUnit, FieldDef, FilterExpr } from '@/api/types'

const UNITS: readonly DateUnit[] = ['day', 'week', 'month', 'quarter', 'year']

/** `close_date:month` → field and unit; a plain name has no unit. */
export function parseGroup(group: string): { field: string; by?: DateUnit } {
  const [field = '', unit] = group.split(':')
  const by = UNITS.find((u) => u === unit)
  return by ? { field, by } : { field }
}

export interface RecordGroup {
  key: string
  /** As in records; null for "not filled in". */
  value: unknown
  count: number
  /** Measures beside the count, e.g. `sum_amount`. */
  sums: Record<string, unknown>
}

const idOf = (value: unknown): string => {
  if (value === null || value === undefined || value === '') return ''
  if (typeof value === 'object' && 'id' in value) return String((value as { id: unknown }).id)
  return String(value)
}

/** Groups in reading order: choices as the catalogue lists them, dates newest first, others by size; empty last. */
export function toGroups(rows: Record<string, unknown>[], field: FieldDef): RecordGroup[] {
  const order = new Map((field.options ?? []).map((option, i) => [option.value, i]))
  const dated = field.type === 'date' || field.type === 'datetime'
  const groups = rows.map((row): RecordGroup => {
    const { [field.name]: value = null, count, ...sums } = row
    return { key: idOf(value), value, count: Number(count ?? 0), sums }
  })
  return groups.sort((a, b) => {
    if (!a.key !== !b.key) return a.key ? -1 : 1
    if (order.size) return (order.get(a.key) ?? order.size) - (order.get(b.key) ?? order.size)
    if (dated) return a.key < b.key ? 1 : -1
    return b.count - a.count
  })
}

const pad = (n: number) => String(n).padStart(2, '0')
const iso = (d: Date) => `${d.getUTCFullYear()}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())}`

/** First day of a period and of the one after it: `2017-03`, `2017-Q1`, `2017-W09`, `2017`, `2017-03-01`. */
export function periodBounds(period: string): [string, string] | null {
  const at = (y: number, m: number, d: number) => iso(new Date(Date.UTC(y, m, d)))
  let hit = /^(\d{4})-?W(\d{1,2})$/i.exec(period)
  if (hit) {
    const [y, w] = [Number(hit[1]), Number(hit[2])]
    // ISO: week 1 holds 4 January; weeks begin on Monday.
    const fourth = new Date(Date.UTC(y, 0, 4))
    const monday = 4 - ((fourth.getUTCDay() + 6) % 7) + (w - 1) * 7
    return [at(y, 0, monday), at(y, 0, monday + 7)]
  }
  hit = /^(\d{4})-?Q([1-4])$/i.exec(period)
  if (hit) return [at(Number(hit[1]), (Number(hit[2]) - 1) * 3, 1), at(Number(hit[1]), Number(hit[2]) * 3, 1)]
  hit = /^(\d{4})-(\d{2})-(\d{2})/.exec(period)
  if (hit) {
    const [y, m, d] = [Number(hit[1]), Number(hit[2]) - 1, Number(hit[3])]
    return [at(y, m, d), at(y, m, d + 1)]
  }
  hit = /^(\d{4})-(\d{2})$/.exec(period)
  if (hit) return [at(Number(hit[1]), Number(hit[2]) - 1, 1), at(Number(hit[1]), Number(hit[2]), 1)]
  hit = /^(\d{4})$/.exec(period)
  if (hit) return [at(Number(hit[1]), 0, 1), at(Number(hit[1]) + 1, 0, 1)]
  return null
}

/** Day boundaries as the field's type wants them; `startOfDay` puts a day into the workspace's time zone. */
export function groupFilter(
  field: FieldDef,
  by: DateUnit | undefined,
  group: RecordGroup,
  startOfDay: (day: string) => string,
): FilterExpr {
  if (group.key === '') return [field.name, 'is_null']
  if (field.type === 'date' || field.type === 'datetime') {
    const bounds = periodBounds(group.key)
    if (bounds) {
      const [from, to] = field.type === 'date' ? bounds : [startOfDay(bounds[0]), startOfDay(bounds[1])]
      return by === 'week' && field.type === 'date' && !/W/i.test(group.key)
        ? weekOf(field.name, group.key)
        : {
            and: [
              [field.name, '>=', from],
              [field.name, '<', to],
            ],
          }
    }
  }
  if (['multi_choice', 'tags', 'multi_lookup'].includes(field.type))
    return [field.name, 'contains', group.key]
  if (field.type === 'boolean') return [field.name, '=', group.key === 'true']
  if (field.type === 'integer' || field.type === 'rating') return [field.name, '=', Number(group.key)]
  return [field.name, '=', group.key]
}

/** A week named by its first day. */
function weekOf(field: string, day: string): FilterExpr {
  const start = new Date(`${day.slice(0, 10)}T00:00:00Z`)
  const end = new Date(start.getTime() + 7 * 86_400_000)
  return {
    and: [
      [field, '>=', iso(start)],
      [field, '<', iso(end)],
    ],
  }
}

/** One stretch of lines: a group's heading, or the records loaded of one list. */
export type Segment = { kind: 'header'; group: RecordGroup } | { kind: 'rows'; list: string; count: number }

export type Line = { kind: 'header'; group: RecordGroup } | { kind: 'row'; list: string; index: number }

/** Which line stands at a position; segments are few, records many, so a walk over segments is cheap. */
export function lineAt(segments: Segment[], position: number): Line | null {
  let rest = position
  for (const segment of segments) {
    const size = segment.kind === 'header' ? 1 : segment.count
    if (rest < size) {
      return segment.kind === 'header'
        ? { kind: 'header', group: segment.group }
        : { kind: 'row', list: segment.list, index: rest }
    }
    rest -= size
  }
  return null
}

export const lineCount = (segments: Segment[]): number =>
  segments.reduce((sum, segment) => sum + (segment.kind === 'header' ? 1 : segment.count), 0)
