import type { Given, Scope } from '@/api/roles'
import { widerThan } from './rights'

/** Rights of several roles add up: the widest scope, and the roles that give it. */
export function widest(given: Given): { scope: Scope; codes: string[] } {
  let scope: Scope = 'none'
  for (const one of Object.values(given)) if (widerThan(one, scope)) scope = one
  return { scope, codes: Object.keys(given).filter((code) => scope !== 'none' && given[code] === scope) }
}
