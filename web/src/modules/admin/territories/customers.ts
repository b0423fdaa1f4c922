/** Which customers a territory holds, as the server reckons it: those of its region and industries. */
import type { FilterExpr } from '@/api/types'
import { type Branch, within } from '../tree/branches'

/** The server takes 200 conditions in one filter. */
const MOST = 90

/** Of the territory itself; nothing where it names neither region nor industry and only groups others. */
export function ownCustomers(territory: Record<string, unknown>): FilterExpr | undefined {
  const { region, industries } = territory
  const parts: FilterExpr[] = []
  if (typeof region === 'string' && region !== '') parts.push(['region', 'under', region])
  if (Array.isArray(industries) && industries.length > 0) parts.push(['industry', 'in', industries])
  return parts.length > 1 ? { and: parts } : parts[0]
}

/** What its members work: its own customers and those of the territories below; one that is switched off opens nothing. */
export function customersOf(branch: Branch): FilterExpr | undefined {
  const parts = within(branch)
    .filter((b) => b.record.active !== false)
    .map((b) => ownCustomers(b.record))
    .filter((f): f is FilterExpr => f !== undefined)
  if (parts.length > MOST) return undefined
  return parts.length > 1 ? { or: parts } : parts[0]
}
