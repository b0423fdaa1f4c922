import type { AggregateRow, AggregateSpec } from './types'

/** The server adds no two currencies up, and refuses to be asked for it: sums of money are asked for by currency. */
export const byCurrency = (spec: AggregateSpec): AggregateSpec => ({
  ...spec,
  group_by: [...(spec.group_by ?? []), 'currency'],
})

const isSum = (name: string) => name.startsWith('sum_')

/** What was asked so, by its groups again: every record counts, and of the money what is in the workspace's currency. */
export function inCurrency(rows: readonly AggregateRow[], currency: string): AggregateRow[] {
  const found = new Map<string, AggregateRow>()
  for (const { currency: of, count, ...rest } of rows) {
    const groups = Object.entries(rest).filter(([name]) => !isSum(name))
    const sums = Object.entries(rest).filter(([name]) => isSum(name))
    const key = JSON.stringify(groups)
    const sofar = found.get(key) ?? Object.fromEntries([...groups, ...sums.map(([name]) => [name, '0'])])
    found.set(key, {
      ...sofar,
      ...(of === currency && Object.fromEntries(sums)),
      count: Number(sofar.count ?? 0) + Number(count ?? 0),
    })
  }
  return [...found.values()]
}

/** One currency's part of a sum. */
export interface Amount {
  currency: string
  value: string
}

/**
 * What was asked so, by its groups again, with every sum as its amounts: the workspace's currency first, and none of nothing
 * beside others. `kept` where the groups themselves are currencies.
 */
export function amountsOf(rows: readonly AggregateRow[], home: string, kept = false): AggregateRow[] {
  type Found = { groups: AggregateRow; count: number; sums: Record<string, Amount[]> }
  const found = new Map<string, Found>()
  for (const row of rows) {
    const { currency: of, count, ...rest } = row
    const currency = typeof of === 'string' && of !== '' ? of : home
    const named = Object.entries(rest).filter(([name]) => !isSum(name))
    const groups = { ...Object.fromEntries(named), ...(kept && { currency: of }) }
    const key = JSON.stringify(groups)
    const sofar: Found = found.get(key) ?? { groups, count: 0, sums: {} }
    sofar.count += Number(count ?? 0)
    for (const [name, value] of Object.entries(rest).filter(([name]) => isSum(name))) {
      const amounts = sofar.sums[name] ?? []
      sofar.sums[name] = amounts
      if (value !== null && value !== undefined) amounts.push({ currency, value: String(value) })
    }
    found.set(key, sofar)
  }
  const order = (amounts: Amount[]) => {
    const some = amounts.filter((a) => Number(a.value) !== 0)
    const shown = some.length > 0 ? some : amounts.slice(0, 1)
    return shown.sort((a, b) => Number(b.currency === home) - Number(a.currency === home))
  }
  return [...found.values()].map(({ groups, count, sums }) => ({
    ...groups,
    count,
    ...Object.fromEntries(Object.entries(sums).map(([name, amounts]) => [name, order(amounts)])),
  }))
}
