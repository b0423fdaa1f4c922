import type { FilterExpr } from '@/api/types'

const plain = (v: unknown): unknown => (v !== null && typeof v === 'object' && 'id' in v ? v.id : (v ?? null))

const number = (v: unknown) => (v === null || v === '' || Number.isNaN(Number(v)) ? undefined : Number(v))

function order(a: unknown, b: unknown): number {
  const x = number(a)
  const y = number(b)
  if (x !== undefined && y !== undefined) return x - y
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
}

/**
 * Does a record the page already holds meet a condition? For showing action buttons (`when`) and asking for fields
 * (`prompts`); the server decides for good. An operator that needs the server counts as met: better a button that is refused with a
 * reason than one that is missing.
 */
export function matches(expr: FilterExpr | undefined, record: Record<string, unknown>): boolean {
  if (!expr) return true
  if (!Array.isArray(expr)) {
    if ('and' in expr) return expr.and.every((e) => matches(e, record))
    if ('or' in expr) return expr.or.some((e) => matches(e, record))
    return !matches(expr.not, record)
  }
  const [field, op, wanted] = expr
  const value = plain(record[field])
  const list = Array.isArray(wanted) ? wanted.map(plain) : []
  switch (op) {
    case '=':
      return value === plain(wanted)
    case '!=':
      return value !== plain(wanted)
    case 'in':
      return list.includes(value)
    case 'not_in':
      return !list.includes(value)
    case 'is_null':
      return value === null || value === ''
    case 'not_null':
      return value !== null && value !== ''
    case '<':
      return value !== null && order(value, wanted) < 0
    case '<=':
      return value !== null && order(value, wanted) <= 0
    case '>':
      return value !== null && order(value, wanted) > 0
    case '>=':
      return value !== null && order(value, wanted) >= 0
    case 'between':
      return value !== null && order(value, list[0]) >= 0 && order(value, list[1]) <= 0
    case 'contains':
      return Array.isArray(record[field])
        ? record[field].map(plain).includes(plain(wanted))
        : String(value ?? '')
            .toLowerCase()
            .includes(String(wanted).toLowerCase())
    case 'starts_with':
      return String(value ?? '').startsWith(String(wanted))
    default:
      return true
  }
}
