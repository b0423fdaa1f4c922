import { describe, expect, it } from 'vitest'
import type { ObjectDef, RecordData } from '@/api/types'
import { mayEdit } from '../parts/InlineEdit'
import { closedBy, isClosed, isDocument, mayChange } from './closed'
import { changeable, formPlan } from './formFields'
import { field, object } from './testkit'

const names = ['status', 'date', 'remark', 'owner']
const order: ObjectDef = {
  ...object(names.map((n) => field(n, n === 'owner' ? 'user' : 'text'))),
  name: 'order',
  closed: [{ field: 'status', values: ['posted', 'reversed'], keeps: ['remark'] }],
}
const line: ObjectDef = {
  ...object([field('quantity', 'decimal'), field('remark', 'text')]),
  parent: 'order',
}
const at = (status: string): RecordData => ({ id: 'o1', version: 1, status })
const row: RecordData = { id: 'l1', version: 1, quantity: '2' }
const may = (status: string) => names.filter((n) => mayChange(order, order.fields[n] as never, at(status)))

describe('a record closed by its state', () => {
  it('keeps some fields and its owner open', () => {
    expect(may('draft')).toEqual(names)
    expect(may('posted')).toEqual(['remark', 'owner'])
    expect(may('reversed')).toEqual(['remark', 'owner'])
    expect(isClosed(order, at('draft'))).toBe(false)
    expect(closedBy(order, at('posted'))?.keeps).toEqual(['remark'])
  })

  it('takes its lines along, whole', () => {
    const of = (status: string) => ({ object: order, record: at(status) })
    const may = (status: string) => Object.values(line.fields).map((f) => mayChange(line, f, row, of(status)))
    expect(may('draft')).toEqual([true, true])
    expect(may('posted')).toEqual([false, false])
    expect(isClosed(line, row, of('posted'))).toBe(true)
    expect(isClosed(line, row)).toBe(false)
  })

  it('is asked only what may still be changed', () => {
    expect(formPlan(order, [], at('posted')).main.map((f) => f.name)).toEqual(['remark', 'owner'])
    expect(changeable(line, row, { object: order, record: at('posted') })).toEqual([])
    const date = order.fields.date as never
    expect([mayEdit(order, date, at('draft')), mayEdit(order, date, at('posted'))]).toEqual([true, false])
  })

  it('is of a kind that says so', () => {
    expect([isDocument(order), isDocument(line)]).toEqual([true, false])
  })

  it('is as open as any other where the state is not known', () => {
    expect(mayChange(order, order.fields.date as never, { id: 'o1', version: 1 })).toBe(true)
  })
})
