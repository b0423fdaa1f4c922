import type { FieldDef } from '@/api/types'
import { formatNumber } from '@/ui/number'
import { Money } from '@/ui/values'

/** A total: short where it would be long (¥662.2亿), exact on hover. */
export function Sum({ field, value }: { field: FieldDef; value: unknown }) {
  const type = field.type === 'formula' ? field.returns : field.type
  if (type === 'money') return <Money value={value} compact={Math.abs(Number(value)) >= 1_000_000} />
  return <span>{formatNumber(value)}</span>
}
