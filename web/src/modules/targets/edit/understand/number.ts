import { decimal, units } from '@/ui/exact'
import { readNumber } from '@/ui/understand/number'

export type Parsed = { value: string | null } | { wrong: 'number' | 'negative' | 'decimals' }

/** What was typed or pasted into a cell: as much as the server keeps, and no less than nothing. Empty is nothing. */
export function parseCell(text: string): Parsed {
  if (/^\s*[-—]\s*$/.test(text)) return { value: null }
  const read = readNumber(text)
  if (read === undefined) return { wrong: 'number' }
  if (read === '') return { value: null }
  const exact = units(read)
  if (exact === undefined) return { wrong: 'decimals' }
  if (exact < 0n) return { wrong: 'negative' }
  return { value: decimal(exact) }
}
