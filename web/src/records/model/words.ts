/** A filter in words: "状态 是 进行中、已赢单", for chips, tooltips and the empty state. */
import type { FieldDef, FieldType, Operator } from '@/api/types'
import { type FilterNode, type Group, isComplete, isGroup, needsValue } from './filter'

export interface WordsContext {
  /** The field at a dotted path with its full label ("客户 · 行业"). */
  fieldAt(path: string): { field: FieldDef; label: string } | undefined
  valueText(field: FieldDef, value: unknown): string
  /** Bound to the `records` namespace. */
  t(key: string, options?: Record<string, unknown>): string
}

const KEYS: Record<string, string> = {
  '=': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
}
const isDate = (type: FieldType) => type === 'date' || type === 'datetime'

/** Locale key of an operator; dates are "before", not "less". */
export function opKey(op: Operator, type: FieldType): string {
  const base = KEYS[op] ?? op
  if (isDate(type) && (base === 'lt' || base === 'gt' || base === 'le' || base === 'ge'))
    return `op.date_${base}`
  if (op === 'contains' && ['multi_choice', 'tags', 'multi_lookup'].includes(type)) return 'op.has'
  if (op === '=' && type === 'boolean') return 'op.is'
  return `op.${base}`
}

/** `last_7_days` → "最近 7 天"; unknown ones stay as they are. */
export function rangeText(value: unknown, t: WordsContext['t']): string {
  const name = String(value ?? '')
  const days = /^(last|next)_(\d+)_days$/.exec(name)
  if (days) return t(`range.${days[1]}_n_days`, { count: Number(days[2]) })
  const key = `range.${name}`
  const found = t(key)
  return found === key ? name : found
}

function valueWords(field: FieldDef, op: Operator, value: unknown, ctx: WordsContext): string {
  if (op === 'within') return rangeText(value, ctx.t)
  if (op === 'between' && Array.isArray(value)) {
    return ctx.t('words.range', { from: ctx.valueText(field, value[0]), to: ctx.valueText(field, value[1]) })
  }
  if (Array.isArray(value)) {
    const shown = value.slice(0, 3).map((v) => ctx.valueText(field, v))
    const list = shown.join(ctx.t('words.comma'))
    return value.length > 3 ? ctx.t('words.more', { list, count: value.length }) : list
  }
  if (value === 'me' && field.type === 'user') return ctx.t('words.me')
  if (value === 'my_department' && field.type === 'department') return ctx.t('words.my_department')
  return ctx.valueText(field, value)
}

/** One node in words; empty when it says nothing yet. */
export function describe(node: FilterNode, ctx: WordsContext, nested = false): string {
  if (!isGroup(node)) {
    if (!isComplete(node)) return ''
    const at = ctx.fieldAt(node.field)
    const label = at?.label ?? node.field
    const op = ctx.t(at ? opKey(node.op, at.field.type) : `op.${KEYS[node.op] ?? node.op}`)
    if (!needsValue(node.op)) return ctx.t('words.bare', { field: label, op })
    const value = at ? valueWords(at.field, node.op, node.value, ctx) : String(node.value)
    return node.op === 'within'
      ? ctx.t('words.within', { field: label, value })
      : ctx.t('words.condition', { field: label, op, value })
  }
  const parts = node.items.map((item) => describe(item, ctx, true)).filter(Boolean)
  if (parts.length === 0) return ''
  const joined = parts.join(ctx.t(node.join === 'and' ? 'words.and' : 'words.or'))
  if (node.negate) return ctx.t('words.not', { text: joined })
  return nested && parts.length > 1 ? ctx.t('words.group', { text: joined }) : joined
}

export interface Chip {
  key: string
  text: string
}

/** One chip per condition that can be taken away by itself: the members of an `and` root, else the whole. */
export function chips(root: Group, ctx: WordsContext): Chip[] {
  if (root.join === 'and' && !root.negate) {
    return root.items
      .map((item) => ({ key: item.key, text: describe(item, ctx, true) }))
      .filter((chip) => chip.text)
  }
  const text = describe(root, ctx)
  return text ? [{ key: root.key, text }] : []
}
