import { useTranslation } from 'react-i18next'
import { usePrice } from '@/api/prices'
import type { ObjectDef } from '@/api/types'
import { formatNumber, formatPercent, isNumeric } from '@/ui/number'
import { useSettled } from '@/ui/useSettled'
import s from './form.module.css'

/** Lines to which the server gives a price where none is typed. */
const PRICED = ['opportunity_product', 'quote_line', 'contract_line', 'order_line']

/** Does a line of this kind take its price from its product? */
export const isPriced = (line: ObjectDef) => PRICED.includes(line.name)

const idOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value || undefined
  return value !== null && typeof value === 'object' && 'id' in value ? String(value.id) : undefined
}
const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

interface Props {
  /** The line as it is typed so far. */
  row: Record<string, unknown>
  /** What it is a line of, as far as it is known. */
  parent: Record<string, unknown> | undefined
}

/** What the product will cost, before the line is saved. */
export function PriceHint({ row, parent }: Props) {
  const { t } = useTranslation('sales')
  const typed = String(row.quantity ?? '').trim()
  const quantity = useSettled(isNumeric(typed) && Number(typed) >= 0 ? typed : undefined)
  const product = idOf(row.product)
  const included = parent?.tax_included
  const price = usePrice({
    product,
    customer: idOf(parent?.customer),
    currency: textOf(parent?.currency),
    quantity,
    date: textOf(parent?.date),
    tax_included: typeof included === 'boolean' ? included : undefined,
  })
  const told = price.data
  if (!told || told.product !== product || price.isError) return null
  const parts: string[] = []
  if (told.active === false) parts.push(t('price.discontinued'))
  if (told.price === null) {
    parts.push(t('price.none', { currency: told.currency }))
  } else {
    const amount = formatNumber(told.price, { currency: told.currency, maxDigits: 4 })
    parts.push(told.unit ? t('price.each', { amount, unit: told.unit }) : amount)
    if (told.tax_rate !== null) {
      parts.push(
        t(told.tax_included ? 'price.withTax' : 'price.withoutTax', { rate: formatPercent(told.tax_rate) }),
      )
    }
    if (told.book) parts.push(t('price.book', { name: told.book.name }))
    else if (told.origin === 'list_price') parts.push(t('price.list'))
    else if (told.origin === 'components') parts.push(t('price.components'))
    if (told.max_discount !== null)
      parts.push(t('price.limit', { percent: formatPercent(told.max_discount) }))
  }
  return (
    <p className={s.priceHint} role="status">
      {parts.join(' · ')}
    </p>
  )
}
