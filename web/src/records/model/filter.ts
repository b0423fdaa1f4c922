/**
 * The filter as a person builds it: a tree of conditions with stable keys for the editor, read from and written to
 * the API's JSON (docs/api.md, "Filters"). Lookup values keep `{id,title}` in the tree and in the address, so that chips
 * can name them without asking; `forServer` strips the titles before the request.
 */
import type { FieldDef, FilterExpr, Operator } from '@/api/types'

export interface Condition {
  key: string
  field: string
  op: Operator
  value?: unknown
}

export interface Group {
  key: string
  join: 'and' | 'or'
  /** `{"not": …}` around the group. */
  negate?: boolean
  items: FilterNode[]
}

export type FilterNode = Condition | Group

/** The server refuses deeper trees and more conditions; the editor stops well before. */
export const MAX_DEPTH = 3
export const MAX_CONDITIONS = 50

let counter = 0
export const newKey = (): string => `n${++counter}`

export const isGroup = (node: FilterNode): node is Group => 'items' in node

export const emptyGroup = (join: 'and' | 'or' = 'and', items: FilterNode[] = []): Group => ({
  key: newKey(),
  join,
  items,
})

/** Operators that stand alone. */
export const needsValue = (op: Operator): boolean => op !== 'is_null' && op !== 'not_null'
/** Operators whose value is a list. */
export const takesList = (op: Operator): boolean => op === 'in' || op === 'not_in'

const isBlank = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (Array.isArray(value) && value.every((v) => v === undefined || v === null || v === ''))

/** Whether a condition says enough to be sent; half-written ones are simply left out. */
export function isComplete(condition: Condition): boolean {
  if (!condition.field || !condition.op) return false
  if (!needsValue(condition.op)) return true
  if (isBlank(condition.value)) return false
  if (condition.op === 'between') {
    const pair = condition.value
    return Array.isArray(pair) && pair.length === 2 && !isBlank(pair[0]) && !isBlank(pair[1])
  }
  return true
}

/** Reads the API's JSON. Anything that is not a filter becomes an empty group: an address is anybody's input. */
export function fromApi(filter: unknown): Group {
  const node = parse(filter, 0)
  if (!node) return emptyGroup()
  return isGroup(node) ? node : emptyGroup('and', [node])
}

function parse(filter: unknown, depth: number): FilterNode | null {
  if (depth > 20 || filter === null || typeof filter !== 'object') return null
  if (Array.isArray(filter)) {
    const [field, op, value] = filter
    if (typeof field !== 'string' || typeof op !== 'string') return null
    return { key: newKey(), field, op: op as Operator, value }
  }
  const shape = filter as Record<string, unknown>
  for (const join of ['and', 'or'] as const) {
    const list = shape[join]
    if (Array.isArray(list)) {
      const items = list.map((f) => parse(f, depth + 1)).filter((n): n is FilterNode => n !== null)
      return emptyGroup(join, items)
    }
  }
  if ('not' in shape) {
    const inner = parse(shape.not, depth + 1)
    if (!inner) return null
    const group = isGroup(inner) ? inner : emptyGroup('and', [inner])
    return { ...group, negate: !group.negate }
  }
  return null
}

/** Writes the API's JSON; `undefined` when nothing is asked. */
export function toApi(node: FilterNode): FilterExpr | undefined {
  if (!isGroup(node)) {
    if (!isComplete(node)) return undefined
    return needsValue(node.op) ? [node.field, node.op, node.value] : [node.field, node.op]
  }
  const items = node.items.map(toApi).filter((f): f is FilterExpr => f !== undefined)
  const [first] = items
  if (first === undefined) return undefined
  const joined: FilterExpr = items.length === 1 ? first : node.join === 'and' ? { and: items } : { or: items }
  return node.negate ? { not: joined } : joined
}

/** Several filters that must all hold. */
export function allOf(...filters: (FilterExpr | undefined | null)[]): FilterExpr | undefined {
  const set = filters.filter((f): f is FilterExpr => f !== undefined && f !== null)
  return set.length > 1 ? { and: set } : set[0]
}

const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain)
  if (value !== null && typeof value === 'object' && 'id' in value) return (value as { id: unknown }).id
  return value
}

/** The filter without display titles. */
export function forServer(filter: FilterExpr | undefined): FilterExpr | undefined {
  if (filter === undefined) return undefined
  if (Array.isArray(filter)) {
    return filter.length < 3 ? filter : [filter[0], filter[1], plain(filter[2])]
  }
  if ('and' in filter) return { and: filter.and.map((f) => forServer(f) as FilterExpr) }
  if ('or' in filter) return { or: filter.or.map((f) => forServer(f) as FilterExpr) }
  return { not: forServer(filter.not) as FilterExpr }
}

export function countConditions(node: FilterNode): number {
  if (!isGroup(node)) return isComplete(node) ? 1 : 0
  return node.items.reduce((sum, item) => sum + countConditions(item), 0)
}

/** Replaces (or, with `null`, removes) the node with this key; groups that became empty go too, the root stays. */
export function replaceNode(root: Group, key: string, next: FilterNode | null): Group {
  const walk = (group: Group): Group => ({
    ...group,
    items: group.items.flatMap((item): FilterNode[] => {
      if (item.key === key) return next ? [next] : []
      if (!isGroup(item)) return [item]
      const inner = walk(item)
      return inner.items.length === 0 && item.items.length > 0 ? [] : [inner]
    }),
  })
  if (root.key === key && next && isGroup(next)) return next
  return walk(root)
}

export const addTo = (root: Group, groupKey: string, node: FilterNode): Group => {
  if (root.key === groupKey) return { ...root, items: [...root.items, node] }
  return {
    ...root,
    items: root.items.map((item) => (isGroup(item) ? addTo(item, groupKey, node) : item)),
  }
}

/** Adds one condition to a filter that may be anything: under an `or` root it must wrap, or it would widen. */
export function withCondition(root: Group, condition: Condition): Group {
  if (root.items.length === 0) return emptyGroup('and', [condition])
  if (root.join === 'and' && !root.negate) return { ...root, items: [...root.items, condition] }
  return emptyGroup('and', [root, condition])
}

/** A value carried to another operator, where it still makes sense. */
export function carryValue(from: Operator, to: Operator, value: unknown): unknown {
  if (!needsValue(to) || from === to) return needsValue(to) ? value : undefined
  if (takesList(to)) return isBlank(value) || Array.isArray(value) ? value : [value]
  const scalar = (op: Operator) =>
    ['=', '!=', '<', '<=', '>', '>=', 'contains', 'starts_with', 'under'].includes(op)
  if (scalar(to) && takesList(from)) return Array.isArray(value) ? value[0] : value
  return scalar(from) && scalar(to) ? value : undefined
}

/** What people mean most often when they pick a field: part of a text, any of some options, a span of time. */
export function usualOperator(field: Pick<FieldDef, 'type' | 'operators'> | undefined): Operator {
  const usual: Operator[] =
    field?.type === 'date' || field?.type === 'datetime'
      ? ['within']
      : field?.type === 'choice'
        ? ['in']
        : field?.type === 'region' || field?.type === 'department' || field?.type === 'category'
          ? ['under']
          : ['contains', '=']
  return usual.find((op) => field?.operators.includes(op)) ?? field?.operators[0] ?? '='
}
