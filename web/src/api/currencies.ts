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
