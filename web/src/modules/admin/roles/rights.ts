/** What the designer does to the rights of a role, apart from how it looks. The server judges the result. */

import type { RecordAbility } from '@/api/abilities'
import { type FieldRight, type Grant, type Rights, type Scope, scopes } from '@/api/roles'
import type { FieldDef, FieldType, ObjectDef } from '@/api/types'

/** Objects without a grant of their own take that of their family. */
export const families = ['owned', 'shared', 'organisation'] as const
export type Family = (typeof families)[number]
export type Verb = 'read' | 'update' | 'delete'
export const verbs: readonly Verb[] = ['read', 'update', 'delete']

/** Administrators' own, whatever a role says about everything: not worth a row. */
const withheld = ['access_event', 'sharing_rule']
export const designable = (object: ObjectDef) => !withheld.includes(object.name)

const isLine = (object: ObjectDef) => object.traits.includes('child_of')

export function familyOf(object: ObjectDef): Family {
  if (object.traits.includes('owned') || isLine(object)) return 'owned'
  return object.module === 'organisation' ? 'organisation' : 'shared'
}

export const grantOf = (rights: Rights, object: ObjectDef): Grant =>
  rights.objects[object.name] ?? rights[familyOf(object)]

export const hasOwn = (rights: Rights, object: string) => Object.hasOwn(rights.objects, object)

export const withGrant = (rights: Rights, object: ObjectDef, grant: Grant): Rights => ({
  ...rights,
  objects: { ...rights.objects, [object.name]: grant },
})

export function inheriting(rights: Rights, object: string): Rights {
  const { [object]: _gone, ...objects } = rights.objects
  return { ...rights, objects }
}

const rank: Record<Scope, number> = { none: 0, own: 1, department: 2, below: 3, chosen: 3, all: 4 }
export const widerThan = (a: Scope, b: Scope) => rank[a] > rank[b]

/** Reading less takes changing and deleting along: what is not read cannot be changed. */
export function withScope(grant: Grant, verb: Verb, scope: Scope): Grant {
  const next = { ...grant, [verb]: scope }
  if (verb === 'read') {
    for (const other of ['update', 'delete'] as const) {
      if (widerThan(next[other], scope)) next[other] = scope
    }
  }
  return next
}

/** Records without an owner are everybody's or nobody's; a line is seen with its record. One already set is kept. */
export function scopesFor(of: Family | ObjectDef, now: Scope): Scope[] {
  const family = typeof of === 'string' ? of : familyOf(of)
  const fit: readonly Scope[] =
    family !== 'owned'
      ? ['none', 'all']
      : typeof of !== 'string' && isLine(of)
        ? ['none', 'own', 'all']
        : scopes
  return scopes.filter((s) => fit.includes(s) || s === now)
}

/** Of a line, every scope between nothing and everything means the same. */
export const followsParent = (of: Family | ObjectDef, scope: Scope) =>
  typeof of !== 'string' && isLine(of) && scope !== 'none' && scope !== 'all'

export const hasChosen = (grant: Grant) => verbs.some((v) => grant[v] === 'chosen')

/** Without a right the field follows its definition. */
export function withField(grant: Grant, field: string, right: FieldRight | undefined): Grant {
  const { [field]: _gone, ...fields } = grant.fields ?? {}
  return { ...grant, fields: right ? { ...fields, [field]: right } : fields }
}

/** Without abilities the role's own hold here too. */
export const withAbilities = (grant: Grant, abilities: RecordAbility[] | undefined): Grant => ({
  ...grant,
  abilities,
})

const maskable: readonly FieldType[] = ['text', 'long_text', 'phone', 'email', 'url', 'auto_number']

/** What one may choose for a field. */
export function rightsFor(field: FieldDef): FieldRight[] {
  const type = field.type === 'formula' ? field.returns : field.type
  const out: FieldRight[] = field.writable === false ? ['read'] : ['write', 'read']
  if (type && maskable.includes(type)) out.push('masked')
  return [...out, 'none']
}

export const restrictable = (field: FieldDef) =>
  !field.hidden && field.name !== 'id' && field.name !== 'version'

function tidyGrant({ departments, fields, ...grant }: Grant): Grant {
  return {
    ...grant,
    ...(hasChosen(grant) && { departments: departments ?? [] }),
    ...(fields && Object.keys(fields).length > 0 && { fields }),
  }
}

/** As it is sent: nothing that means nothing. */
export const tidy = (rights: Rights): Rights => ({
  ...rights,
  owned: tidyGrant(rights.owned),
  shared: tidyGrant(rights.shared),
  organisation: tidyGrant(rights.organisation),
  objects: Object.fromEntries(Object.entries(rights.objects).map(([name, g]) => [name, tidyGrant(g)])),
})

const isBlank = (v: unknown) => Array.isArray(v) && v.length === 0

/** In one order throughout, so that two ways of writing the same rights are the same. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical).sort()
  if (value === null || typeof value !== 'object') return value
  // An empty list of abilities says "none here"; leaving it out says "as the role".
  const entries = Object.entries(value).filter(
    ([k, v]) => v !== undefined && (k === 'abilities' || !isBlank(v)),
  )
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, canonical(v)]))
}

export const sameRights = (a: Rights, b: Rights) =>
  JSON.stringify(canonical(tidy(a))) === JSON.stringify(canonical(tidy(b)))
