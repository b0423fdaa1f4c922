import { Fragment } from 'react'
import type { Amount } from '@/api/currencies'
import type { FieldDef } from '@/api/types'
import { sumOf } from '@/ui/exact'
import { formatNumber } from '@/ui/number'
import { Money } from '@/ui/values'

const long = (value: unknown) => Math.abs(Number(value)) >= 1_000_000

/** A total: short where it would be long (¥662.2亿), exact on hover. One amount for each currency where there are several. */
export function Sum({ field, value }: { field: FieldDef; value: unknown }) {
  const type = field.type === 'formula' ? field.returns : field.type
  const amounts = Array.isArray(value) ? (value as Amount[]) : undefined
  if (type !== 'money')
    return <span>{formatNumber(amounts ? sumOf(amounts.map((a) => a.value)) : value)}</span>
  if (!amounts) return <Money value={value} compact={long(value)} />
  if (amounts.length === 0) return <Money value="0" />
  return amounts.map((a, i) => (
    <Fragment key={a.currency}>
      {i > 0 && ' + '}
      <Money value={a.value} currency={a.currency} compact={long(a.value) || amounts.length > 1} />
    </Fragment>
  ))
}
