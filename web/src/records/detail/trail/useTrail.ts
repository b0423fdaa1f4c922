import { useCatalogue } from '@/api/catalogue'
import { useRecord, useRecords } from '@/api/records'
import type { FilterExpr, ObjectDef, RecordData } from '@/api/types'
import { asRef } from '@/fields'
import { groupsOf } from './trail'

const FIELDS = ['number', 'status', 'total', 'currency', 'kind', 'date', 'quote', 'contract', 'sales_order']
/** More of one kind than this are looked at in their list. */
const MOST = 50

const readable = (object: ObjectDef | undefined, field: string) => {
  const found = object?.fields[field]
  return found !== undefined && found.readable !== false && !found.masked
}

/** What a document names as its origin. */
function useUp(name: string, value: unknown) {
  const object = useCatalogue().objects[name]
  const ref = asRef(value)
  const query = useRecord(name, ref?.id, { enabled: Boolean(ref?.title) && object !== undefined })
  return { name, ref, query }
}

/** What names documents as its origin, by `field`. */
function useDown(name: string, field: string, ids: string[]) {
  const object = useCatalogue().objects[name]
  const filter: FilterExpr = ids.length === 1 ? [field, '=', ids[0]] : [field, 'in', ids]
  const query = useRecords(
    name,
    {
      filter,
      fields: FIELDS.filter((f) => readable(object, f)),
      sort: readable(object, 'number') ? 'number' : undefined,
      limit: MOST,
    },
    { enabled: ids.length > 0 && readable(object, field), keepPrevious: false },
  )
  const items: RecordData[] = query.data?.pages[0]?.items ?? []
  return { name, items, query }
}

/** The documents that belong together with one, as far as its viewer may see them. */
export function useTrail(object: ObjectDef, record: RecordData) {
  const self = (name: string) => (object.name === name ? [record.id] : [])
  const ordered = object.name === 'sales_order'

  // Upwards: the order it belongs to, and what that one was made from.
  const order = useUp('sales_order', ordered ? null : record.sales_order)
  const base = order.query.data ?? record
  const kind = order.query.data ? 'sales_order' : object.name
  const contract = useUp('contract', base.contract)
  const quote = useUp('quote', base.quote ?? contract.query.data?.quote)
  const back = useUp('sales_return', record.sales_return)
  const former = useUp(kind, base.corrects)
  const ups = [order, contract, quote, back, former]

  // Downwards: orders of an offer or a contract, and everything made from orders.
  const contracts = useDown('contract', 'quote', self('quote'))
  const fromQuote = useDown('sales_order', 'quote', self('quote'))
  const fromContract = useDown('sales_order', 'contract', self('contract'))
  const orders =
    kind === 'sales_order' ? [base.id] : [...fromQuote.items, ...fromContract.items].map((o) => o.id)
  const deliveries = useDown('delivery', 'sales_order', orders)
  const invoices = useDown('invoice', 'sales_order', orders)
  const returns = useDown('sales_return', 'sales_order', orders)
  const later = useDown(kind, 'corrects', [base.id])
  const downs = [contracts, fromQuote, fromContract, deliveries, invoices, returns, later]

  const groups = groupsOf(
    [
      ...ups.map((u) => ({ object: u.name, record: u.query.data, ref: u.ref })),
      ...downs.flatMap((d) => d.items.map((r) => ({ object: d.name, record: r }))),
      { object: object.name, record },
    ],
    record.id,
  )
  return { groups, pending: [...ups, ...downs].some(({ query }) => query.isLoading) }
}
