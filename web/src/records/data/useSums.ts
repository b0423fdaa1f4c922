import { useMemo } from 'react'
import { useCatalogue } from '@/api/catalogue'
import { amountsOf, byCurrency } from '@/api/currencies'
import { useAggregate } from '@/api/records'
import type { AggregateSpec, ObjectDef } from '@/api/types'

/**
 * Counts and sums of a list. Where its money is in more than one currency no two are added up: each sum then is its amounts
 * by currency, as `Sum` shows them. Without groups there is one row, also for a list of nothing.
 */
export function useSums(object: ObjectDef, spec: AggregateSpec, options?: { enabled?: boolean }) {
  const { workspace } = useCatalogue()
  const money = spec.measures?.some((m) => {
    const field = m.fn === 'sum' && m.field ? object.fields[m.field] : undefined
    return (field?.type === 'formula' ? field.returns : field?.type) === 'money'
  })
  const own = object.fields.currency
  const apart = money === true && own?.groupable === true && own.readable !== false && own.masked !== true
  const groups = spec.group_by ?? []
  const kept = groups.includes('currency')
  const single = groups.length === 0
  const query = useAggregate(object.name, apart && !kept ? byCurrency(spec) : spec, options)
  const rows = query.data
  const data = useMemo(() => {
    if (!apart || !rows) return rows
    const found = amountsOf(rows, workspace.currency, kept)
    return single && found.length === 0 ? [{ count: 0 }] : found
  }, [apart, rows, workspace.currency, kept, single])
  return { ...query, data }
}
