import dayjs from 'dayjs'
import { byCurrency } from '@/api/currencies'
import type { AggregateRow, AggregateSpec, FilterExpr, ObjectDef } from '@/api/types'
import { asRef } from '@/fields/shared/values'
import { allOf } from '@/records/model/filter'
import { fromWallClock } from '@/ui/time'

/** So many days the bars show. */
export const DAYS = 14
/** A customer nobody has spoken to for so long. */
export const IDLE_DAYS = 30

export const figureKeys = ['today', 'week', 'overdue', 'idle', 'open', 'won'] as const
export type FigureKey = (typeof figureKeys)[number]

/** What a figure counts; the same filter, with the person in it, is the list it opens. */
export interface Question {
  key: FigureKey
  object: string
  filter: FilterExpr
  /** Field whose sum stands beside the count. */
  sum?: string
  sort?: string
}

const has = (object: ObjectDef | undefined, ...fields: string[]) =>
  object !== undefined && fields.every((f) => object.fields[f]?.readable !== false && f in object.fields)

/** Customers nobody has spoken to for long. One who came yesterday has not been left alone yet. */
export function idleOn(day: string): FilterExpr {
  const since = fromWallClock(dayjs(day).subtract(IDLE_DAYS, 'day'))
  return {
    or: [
      ['last_contact_at', '<', since],
      {
        and: [
          ['last_contact_at', 'is_null'],
          ['created_at', '<', since],
        ],
      },
    ],
  }
}

/** `day` is today in the workspace. What the viewer's catalogue does not have is not asked. */
export function questionsOf(objects: Record<string, ObjectDef>, day: string): Question[] {
  const out: Question[] = []
  if (has(objects.follow_up, 'owner', 'happened_at')) {
    const asked = { object: 'follow_up', sort: '-happened_at' }
    out.push(
      { ...asked, key: 'today', filter: ['happened_at', 'within', 'today'] },
      { ...asked, key: 'week', filter: ['happened_at', 'within', 'this_week'] },
    )
  }
  if (has(objects.task, 'owner', 'status', 'due_at')) {
    out.push({
      key: 'overdue',
      object: 'task',
      sort: 'due_at',
      filter: {
        and: [
          ['status', '=', 'open'],
          ['due_at', 'within', 'overdue'],
        ],
      },
    })
  }
  if (has(objects.customer, 'owner', 'last_contact_at', 'created_at')) {
    out.push({ key: 'idle', object: 'customer', sort: 'last_contact_at', filter: idleOn(day) })
  }
  if (has(objects.opportunity, 'owner', 'status', 'amount')) {
    out.push({ key: 'open', object: 'opportunity', sum: 'amount', filter: ['status', '=', 'open'] })
    if (has(objects.opportunity, 'close_date')) {
      out.push({
        key: 'won',
        object: 'opportunity',
        sum: 'amount',
        filter: {
          and: [
            ['status', '=', 'won'],
            ['close_date', 'within', 'this_month'],
          ],
        },
      })
    }
  }
  return out
}

const ofPeople = (ids: string[]): FilterExpr => ['owner', 'in', ids]
const flat = (filter: FilterExpr): FilterExpr[] =>
  !Array.isArray(filter) && 'and' in filter ? filter.and : [filter]

/** The list behind a figure of one person. */
export const personFilter = (question: Pick<Question, 'filter'>, person: string): FilterExpr => ({
  and: [['owner', '=', person], ...flat(question.filter)],
})

/** One request for all people together. */
export function specOf({ filter, sum }: Question, ids: string[]): AggregateSpec {
  const spec: AggregateSpec = {
    group_by: ['owner'],
    measures: [{ fn: 'count' }, ...(sum ? [{ fn: 'sum' as const, field: sum }] : [])],
    filter: allOf(ofPeople(ids), filter),
    limit: 1000,
  }
  return sum ? { ...byCurrency(spec), limit: 10_000 } : spec
}

export const lastDays = (days: number): FilterExpr => ['happened_at', 'within', `last_${days}_days`]

export const daysSpec = (ids: string[], days: number): AggregateSpec => ({
  group_by: ['owner', { field: 'happened_at', by: 'day' }],
  measures: [{ fn: 'count' }],
  filter: allOf(ofPeople(ids), lastDays(days)),
  limit: 10_000,
})

/** From the oldest to `day`. */
export const daysUntil = (day: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) =>
    dayjs(day)
      .subtract(count - 1 - i, 'day')
      .format('YYYY-MM-DD'),
  )

/** The follow-ups of one day, in the workspace's time. */
export function dayFilter(person: string, day: string): FilterExpr {
  const start = dayjs(day)
  return {
    and: [
      ['owner', '=', person],
      ['happened_at', '>=', fromWallClock(start)],
      ['happened_at', '<', fromWallClock(start.add(1, 'day'))],
    ],
  }
}

export interface Figure {
  count: number
  /** Exact, as it came. */
  sum?: string
}

/** Figures by person; whoever has no row has none of it. */
export function byPerson(rows: AggregateRow[], sum?: string): Map<string, Figure> {
  const out = new Map<string, Figure>()
  for (const row of rows) {
    const who = asRef(row.owner)
    if (!who) continue
    out.set(who.id, {
      count: Number(row.count ?? 0),
      ...(sum && { sum: String(row[`sum_${sum}`] ?? '0') }),
    })
  }
  return out
}

/** Counts by person and day, in the order of `days`. */
export function barsOf(rows: AggregateRow[], days: string[]): Map<string, number[]> {
  const place = new Map(days.map((day, i) => [day, i]))
  const out = new Map<string, number[]>()
  for (const row of rows) {
    const who = asRef(row.owner)
    const at = place.get(String(row.happened_at ?? '').slice(0, 10))
    if (!who || at === undefined) continue
    const bars = out.get(who.id) ?? days.map(() => 0)
    bars[at] = Number(row.count ?? 0)
    out.set(who.id, bars)
  }
  return out
}

export type SortKey = 'name' | FigureKey
export interface Sort {
  key: SortKey
  down: boolean
}

/** A figure is first looked at from its largest, a name from its beginning. */
export const turned = (sort: Sort, key: SortKey): Sort =>
  sort.key === key ? { key, down: !sort.down } : { key, down: key !== 'name' }

/** By a figure, the amount where it has one; equals stay in the order of their names, in which they come. */
export function sorted<P extends { id: string }>(
  people: P[],
  figures: Partial<Record<FigureKey, Map<string, Figure>>>,
  { key, down }: Sort,
): P[] {
  if (key === 'name') return down ? [...people].reverse() : people
  const of = (person: P) => {
    const figure = figures[key]?.get(person.id)
    // For comparing only; what is read stays the exact amount.
    return [Number(figure?.sum ?? figure?.count ?? 0), figure?.count ?? 0] as const
  }
  return [...people].sort((a, b) => {
    const [x, y] = [of(a), of(b)]
    return (down ? -1 : 1) * (x[0] - y[0] || x[1] - y[1])
  })
}
