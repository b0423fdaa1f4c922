import type { ObjectDef } from '@/api/types'

/** What one claims by: why it is here, and what it is. Nobody owns it, and all of them lie in the same pool. */
export function poolColumns(object: ObjectDef): string[] {
  const told = ['former_owner', 'pooled_at', 'release_reason']
  const usual = object.layout.list?.columns ?? []
  const rest = usual.filter((n) => n !== object.title && n !== 'owner' && n !== 'pool' && !told.includes(n))
  return [object.title, ...told.filter((n) => object.fields[n]), ...rest]
}
