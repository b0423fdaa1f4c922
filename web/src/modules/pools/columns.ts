import type { ObjectDef } from '@/api/types'

/** What one claims by: why it is here, and what it is. Nobody owns it, and all of them lie in the same pool, which may hide something. */
export function poolColumns(object: ObjectDef, hidden: readonly string[]): string[] {
  const told = ['former_owner', 'pooled_at', 'release_reason']
  const usual = object.layout.list?.columns ?? []
  const left = [object.title, 'owner', 'pool', ...told, ...hidden]
  const rest = usual.filter((n) => !left.includes(n))
  return [object.title, ...told.filter((n) => object.fields[n]), ...rest]
}
