import { describe, expect, it } from 'vitest'
import type { Grant, Rights } from '@/api/roles'
import type { FieldDef, ObjectDef } from '@/api/types'
import { widest } from './given'
import {
  familyOf,
  grantOf,
  hasOwn,
  inheriting,
  rightsFor,
  sameRights,
  scopesFor,
  tidy,
  withField,
  withGrant,
  withScope,
} from './rights'

const grant = (read: Grant['read'], more: Partial<Grant> = {}): Grant => ({
  read,
  create: false,
  update: 'none',
  delete: 'none',
  ...more,
})
const role = (more: Partial<Rights> = {}): Rights => ({
  owned: grant('own', { create: true, update: 'own', delete: 'own' }),
  shared: grant('all'),
  organisation: grant('all'),
  objects: {},
  abilities: ['export'],
  ...more,
})
const object = (name: string, traits: string[], module = 'sales'): ObjectDef => ({
  name,
  module,
  label: { zh: name, en: name },
  plural: { zh: name, en: name },
  title: 'name',
  traits,
  can: [],
  fields: {},
  layout: {},
})
const customer = object('customer', ['owned', 'timeline'])
const line = object('stage_change', ['child_of'])
const product = object('product', ['attachments'])
const user = object('user', [], 'organisation')

describe('what a role grants', () => {
  it('is that of the family until the object has its own', () => {
    expect([customer, line, product, user].map(familyOf)).toEqual([
      'owned',
      'owned',
      'shared',
      'organisation',
    ])
    const rights = role()
    expect(grantOf(rights, customer)).toBe(rights.owned)
    const own = withGrant(rights, customer, grant('all'))
    expect(grantOf(own, customer).read).toBe('all')
    expect(grantOf(own, line).read).toBe('own')
    expect(hasOwn(own, 'customer')).toBe(true)
    expect(inheriting(own, 'customer')).toEqual(rights)
  })
  it('never changes more than it reads', () => {
    const wide = grant('all', { update: 'all', delete: 'below' })
    expect(withScope(wide, 'read', 'own')).toMatchObject({ read: 'own', update: 'own', delete: 'own' })
    expect(withScope(wide, 'read', 'none')).toMatchObject({ update: 'none', delete: 'none' })
    expect(withScope(wide, 'update', 'none')).toMatchObject({ read: 'all', delete: 'below' })
  })
})

describe('what one may choose', () => {
  it('knows no departments where records have no owner', () => {
    expect(scopesFor('owned', 'own')).toHaveLength(6)
    expect(scopesFor(product, 'all')).toEqual(['none', 'all'])
    expect(scopesFor('shared', 'below')).toEqual(['none', 'below', 'all'])
    expect(scopesFor(line, 'own')).toEqual(['none', 'own', 'all'])
  })
  it('masks texts only, and lets nobody write what is computed', () => {
    const field = (type: FieldDef['type'], more: Partial<FieldDef> = {}): FieldDef => ({
      name: 'x',
      type,
      label: { zh: 'x', en: 'x' },
      operators: [],
      ...more,
    })
    expect(rightsFor(field('phone'))).toEqual(['write', 'read', 'masked', 'none'])
    expect(rightsFor(field('money'))).toEqual(['write', 'read', 'none'])
    expect(rightsFor(field('formula', { returns: 'text', writable: false }))).toEqual([
      'read',
      'masked',
      'none',
    ])
  })
})

describe('what is sent', () => {
  it('leaves out what means nothing', () => {
    const masked = withField(grant('own', { departments: ['d1'] }), 'mobile', 'masked')
    expect(tidy(role({ objects: { customer: masked } })).objects.customer).toEqual({
      ...grant('own'),
      fields: { mobile: 'masked' },
    })
    const chosen = grant('chosen', { departments: ['d1'] })
    expect(tidy(role({ owned: chosen })).owned.departments).toEqual(['d1'])
    expect(tidy(role({ owned: withField(masked, 'mobile', undefined) })).owned).toEqual(grant('own'))
  })
  it('is the same however it is ordered, but no abilities are not the role’s abilities', () => {
    expect(
      sameRights(role({ abilities: ['export', 'import'] }), role({ abilities: ['import', 'export'] })),
    ).toBe(true)
    expect(sameRights(role({ hidden_modules: [] }), role())).toBe(true)
    expect(sameRights(role(), role({ owned: { ...role().owned, abilities: [] } }))).toBe(false)
    expect(sameRights(role(), role({ objects: { customer: role().owned } }))).toBe(false)
  })
})

describe('what several roles give together', () => {
  it('is the widest, by whoever gives it', () => {
    expect(widest({ member: 'own', manager: 'below', lead: 'below' })).toEqual({
      scope: 'below',
      codes: ['manager', 'lead'],
    })
    expect(widest({})).toEqual({ scope: 'none', codes: [] })
  })
})
