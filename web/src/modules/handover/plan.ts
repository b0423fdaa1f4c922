import type { HandoverPart, HandoverRequest, Holding, Holdings } from '@/api/handovers'
import type { FilterExpr, Ref } from '@/api/types'
import { forServer } from '@/records/model/filter'

/** What somebody decides in the wizard; everything else is as it comes from what the person holds. */
export interface Choices {
  /** Who receives everything that has no recipients of its own. */
  common: Ref[]
  lines: Record<string, LineChoice>
  deactivate: boolean
  note: string
}

export interface LineChoice {
  on?: boolean
  /** Recipients of this line alone. */
  to?: Ref[]
  /** Objects that do not go along. */
  behind?: string[]
  /** Parts of it by filter, in order; what fits none of them goes as the line does. */
  splits?: Split[]
}

export interface Split {
  key: string
  filter?: FilterExpr
  to: Ref[]
}

export const noChoices: Choices = { common: [], lines: {}, deactivate: false, note: '' }

export const keyOf = (item: Pick<Holding, 'object' | 'field'>) => `${item.object}.${item.field}`

/** Records first, those that take others along before all; then the places in which he stands. Empty lines say nothing. */
export function linesOf(holdings: Pick<Holdings, 'items'>): { records: Holding[]; places: Holding[] } {
  const held = holdings.items.filter((item) => item.count > 0)
  const records = held.filter((item) => item.field === 'owner')
  return {
    records: [
      ...records.filter((item) => item.along.length > 0),
      ...records.filter((item) => item.along.length === 0 && !item.stays),
      ...records.filter((item) => item.along.length === 0 && item.stays),
    ],
    places: held.filter((item) => item.field !== 'owner'),
  }
}

export const isOn = (item: Holding, choices: Choices) => choices.lines[keyOf(item)]?.on ?? !item.stays
export const recipientsOf = (item: Holding, choices: Choices) =>
  choices.lines[keyOf(item)]?.to ?? choices.common
export const alongOf = (item: Holding, choices: Choices) =>
  item.along.filter((name) => !choices.lines[keyOf(item)]?.behind?.includes(name))

/** Where a part of the request comes from, so that what the server says of it stands beside it. */
export interface Origin {
  line: string
  /** Key of the split; absent for the line itself. */
  split?: string
  part: HandoverPart
  to: Ref[]
}

/** The parts in the order in which records go: a record goes by the first that it fits. */
export function partsOf(holdings: Pick<Holdings, 'items'>, choices: Choices): Origin[] {
  const { records, places } = linesOf(holdings)
  return [...records, ...places].flatMap((item) => {
    if (!isOn(item, choices)) return []
    const line = keyOf(item)
    const along = alongOf(item, choices)
    const field = item.field === 'owner' ? undefined : item.field
    const part = (to: Ref[], filter?: FilterExpr): HandoverPart => ({
      object: item.object,
      ...(field && { field }),
      ...(filter && { filter: forServer(filter) }),
      to: to.map((who) => who.id),
      along,
    })
    const splits = (choices.lines[line]?.splits ?? []).flatMap((split): Origin[] =>
      split.filter ? [{ line, split: split.key, part: part(split.to, split.filter), to: split.to }] : [],
    )
    const rest = recipientsOf(item, choices)
    return [...splits, { line, part: part(rest), to: rest }]
  })
}

export function requestOf(from: string, origins: Origin[], choices: Choices): HandoverRequest {
  const note = choices.note.trim()
  return {
    from,
    parts: origins.map((origin) => origin.part),
    deactivate: choices.deactivate,
    ...(note && { note }),
  }
}

export type Trouble = 'nothing' | 'recipient' | 'filter'

/** What is missing before a preview makes sense; by line, or by line and split. */
export function troublesOf(holdings: Pick<Holdings, 'items'>, choices: Choices): Map<string, Trouble> {
  const out = new Map<string, Trouble>()
  const { records, places } = linesOf(holdings)
  const lines = [...records, ...places].filter((item) => isOn(item, choices))
  if (lines.length === 0 && !choices.deactivate) out.set('', 'nothing')
  for (const item of lines) {
    const line = keyOf(item)
    if (recipientsOf(item, choices).length === 0) out.set(line, 'recipient')
    for (const split of choices.lines[line]?.splits ?? []) {
      if (!split.filter) out.set(`${line} ${split.key}`, 'filter')
      else if (split.to.length === 0) out.set(`${line} ${split.key}`, 'recipient')
    }
  }
  return out
}

/** The part that an error of the server names, such as `parts[2].to`. */
export function originOf(field: string, origins: Origin[]): Origin | undefined {
  const index = /^parts\[(\d+)\]/.exec(field)?.[1]
  return index === undefined ? undefined : origins[Number(index)]
}
