import { describe, expect, it } from 'vitest'
import type { FieldDef } from '@/api/types'
import { moveColumn, visibleColumns } from './columns'
import { changesOf, defaultsOf, formPlan } from './formFields'
import { faultsOf, mappingOf, planOf } from './importMapping'
import { field, object } from './testkit'

describe('columns and forms', () => {
  const deal = object(
    [
      field('name', 'text', { required: true }),
      field('amount', 'money'),
      field('number', 'auto_number', { writable: false }),
      field('status', 'choice', { default: 'open' }),
      field('owner', 'user', { system: true }),
      field('remark', 'long_text'),
    ],
    { list: { columns: ['amount', 'gone'] }, create: { fields: ['amount'] } },
  )
  it('always shows the title and never an unknown field', () => {
    expect(visibleColumns(deal, undefined).map((f) => f.name)).toEqual(['name', 'amount'])
    expect(moveColumn(['a', 'b', 'c'], 'c', 'a')).toEqual(['c', 'a', 'b'])
    expect(moveColumn(['a', 'b', 'c'], 'a', null)).toEqual(['b', 'c', 'a'])
  })
  it('asks for what is required even where the layout forgot it', () => {
    const plan = formPlan(deal)
    expect(plan.main.map((f) => f.name)).toEqual(['amount', 'name'])
    expect(plan.more.map((f) => f.name)).toEqual(['status', 'owner', 'remark'])
  })
  it('begins with defaults and sends only what is filled in or changed', () => {
    const viewer = { id: 'u1', name: '王磊', login: 'w', roles: [], department: null }
    const start = defaultsOf(deal, viewer, { today: '2026-11-21', instant: '' })
    expect(start).toEqual({ status: 'open', owner: { id: 'u1', title: '王磊' } })
    const fields = Object.values(deal.fields)
    const empty = (_: FieldDef, v: unknown) => v === null || v === ''
    const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
    expect(changesOf(fields, { name: 'x', remark: '' }, undefined, empty, same)).toEqual({ name: 'x' })
    expect(changesOf(fields, { name: 'x', amount: '2' }, { name: 'x', amount: '1' }, empty, same)).toEqual({
      amount: '2',
    })
  })
})

describe('import mapping', () => {
  const deal = object([
    field('name', 'text', { required: true }),
    field('amount', 'money'),
    field('owner', 'user', { to: 'user' }),
    field('close', 'date'),
  ])
  const columns = [
    { name: '名称', samples: ['a'], field: 'name' },
    { name: '万元', samples: ['1'], field: 'amount' },
    { name: '另一列', samples: [], field: 'amount' },
    { name: '负责人', samples: ['王磊'], field: null },
  ]
  it('guesses without giving one field twice', () => {
    expect(planOf({ columns, mapping: null }).columns.map((c) => c.field)).toEqual([
      'name',
      'amount',
      null,
      null,
    ])
  })
  it('writes what was chosen and reads it back', () => {
    const plan = planOf({ columns, mapping: null })
    const [, money, , owner] = plan.columns
    if (!money || !owner) throw new Error('columns')
    money.scale = '10000'
    Object.assign(owner, {
      field: 'owner',
      create: true,
      match: 'login',
      replace: [{ from: '老王', to: '王磊' }],
    })
    plan.mode = 'upsert'
    plan.key = ['name']
    const mapping = mappingOf(deal, plan)
    expect(mapping).toEqual({
      object: 'deal',
      mode: 'upsert',
      key: ['name'],
      columns: {
        名称: { field: 'name' },
        万元: { field: 'amount', scale: 10000 },
        负责人: { field: 'owner', match: 'login', create: true, replace: { 老王: '王磊' } },
      },
    })
    expect(mappingOf(deal, planOf({ columns, mapping }))).toEqual(mapping)
  })
  it('keeps what it has no input for', () => {
    const mapping = {
      object: 'deal',
      mode: 'create',
      columns: { 负责人: { field: 'owner', create: true, with: { roles: ['member'] } } },
      values: { name: '{名称}' },
    }
    expect(mappingOf(deal, planOf({ columns, mapping }))).toEqual(mapping)
  })
  it('says what is missing', () => {
    const plan = planOf({ columns: [{ name: 'x', samples: [], field: 'amount' }], mapping: null })
    expect(faultsOf(deal, plan)).toEqual([{ fault: 'missing', fields: ['name'] }])
    expect(faultsOf(deal, { ...plan, mode: 'update', key: ['close'] })).toEqual([
      { fault: 'keyUnmapped', fields: ['close'] },
    ])
    expect(faultsOf(deal, { ...plan, columns: [] })[0]?.fault).toBe('nothing')
  })
})
