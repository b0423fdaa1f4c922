import { currentCatalogue } from '@/api/catalogue'
import type { RecordData } from '@/api/types'
import { formatMoney } from '@/ui/number'
import { Dash, Money } from '@/ui/values'
import { filterOf } from '../shared/filterOf'
import { NumberEdit } from '../shared/NumberEdit'
import { emptyValue } from '../shared/values'
import type { EditProps, FieldKind, ShowProps } from '../types'

/** One currency per record; the workspace's where the record names none. */
const currencyOf = (record?: RecordData): string =>
  typeof record?.currency === 'string' && record.currency
    ? record.currency
    : (currentCatalogue()?.workspace.currency ?? 'CNY')

function symbol(currency: string): string {
  const parts = new Intl.NumberFormat('zh-CN', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  }).formatToParts(0)
  return parts.find((p) => p.type === 'currency')?.value ?? currency
}

function Show({ value, record }: ShowProps) {
  return emptyValue(value) ? <Dash /> : <Money value={value} currency={currencyOf(record)} whole />
}
function Edit(props: EditProps) {
  return <NumberEdit {...props} look={{ prefix: symbol(currencyOf(props.record)) }} />
}

export const money: FieldKind = {
  Show,
  Edit,
  Filter: filterOf({ one: Edit }),
  align: 'right',
  width: 140,
  isEmpty: emptyValue,
  toText: (v) => (emptyValue(v) ? '' : formatMoney(v, currencyOf())),
}
