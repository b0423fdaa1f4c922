/** How much of a line is still open on the line it is made from: a hint beside the quantity, the server decides. */
import { fieldAt } from '@/api/catalogue'
import type { Catalogue, ObjectDef, RecordData } from '@/api/types'
import { compare, minus, plus } from '@/ui/exact'

/** By kind of line: the line it is made from (the closer one first) and what of that counts. */
const SOURCES: Record<string, [source: string, fields: string[]][]> = {
  contract_line: [['quote_line', ['quantity', 'contracted', 'ordered']]],
  order_line: [
    ['contract_line', ['quantity', 'ordered']],
    ['quote_line', ['quantity', 'contracted', 'ordered']],
  ],
  delivery_line: [['order_line', ['quantity', 'delivered']]],
  return_line: [['order_line', ['delivered', 'returned']]],
  invoice_line: [
    ['return_line', ['quantity', 'credited']],
    ['order_line', ['quantity', 'delivered', 'returned', 'invoiced', 'sales_order.invoice_by']],
  ],
}

/** What a list of such lines has to bring along; nothing where the viewer may not read all of it. */
export function openFields(line: ObjectDef, catalogue: Catalogue): string[] {
  const paths = (SOURCES[line.name] ?? []).flatMap(([source, fields]) => fields.map((f) => `${source}.${f}`))
  const known = paths.every((path) => {
    const steps = path.split('.').map((_, i, all) => all.slice(0, i + 1).join('.'))
    return steps.every((at) => {
      const field = fieldAt(catalogue, line.name, at)
      return field !== undefined && field.readable !== false && !field.masked
    })
  })
  return known ? paths : []
}

const smaller = (a: string, b: string) => (compare(a, b) < 0 ? a : b)

/** The most that the quantity may be; undefined where the line is made from nothing. A credit note's is below zero. */
export function openOf(line: string, row: RecordData): string | undefined {
  const source = (SOURCES[line] ?? []).find(([name]) => row[name])
  if (!source) return undefined
  const [name] = source
  const of = (from: string, field: string) => row[`${from}.${field}`] as string | null | undefined
  if (of(name, source[1][0] ?? '') === undefined) return undefined
  const due = () => {
    const base = of('order_line', 'sales_order.invoice_by') === 'ordered' ? 'quantity' : 'delivered'
    return minus(of('order_line', base), plus(of('order_line', 'returned'), of('order_line', 'invoiced')))
  }
  const left = () => {
    switch (line) {
      case 'delivery_line':
        return minus(of(name, 'quantity'), of(name, 'delivered'))
      case 'return_line':
        return minus(of(name, 'delivered'), of(name, 'returned'))
      case 'invoice_line': {
        if (name === 'order_line') return due()
        const open = minus(of(name, 'quantity'), of(name, 'credited'))
        // No more is credited than was invoiced above what the customer keeps.
        return row.order_line ? smaller(open, minus('0', due())) : open
      }
      default:
        return minus(of(name, 'quantity'), plus(of(name, 'contracted'), of(name, 'ordered')))
    }
  }
  const most = left()
  if (compare(most, '0') <= 0) return '0'
  return name === 'return_line' ? minus('0', most) : most
}
