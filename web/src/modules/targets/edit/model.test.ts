import { describe, expect, it } from 'vitest'
import type { RecordData } from '@/api/types'
import { plus } from '@/ui/exact'
import { changed, clashes, type Line, linesOf, monthsOf, readBlock, spread, totals, valuesOf } from './model'
import { parseCell } from './understand/number'

const empty: Line = { key: 'person:a', level: 'person', who: null, depth: 0, people: [] }
const record = (values: Record<string, unknown>): RecordData => ({ id: 'r', version: 3, ...values })

describe('a cell', () => {
  it('reads numbers as people write them', () => {
    for (const [text, value] of [
      ['120000', '120000'],
      [' 120,000 ', '120000'],
      ['12万', '120000'],
      ['¥1.25万', '12500'],
      ['１２，０００', '12000'],
      ['0.5亿', '50000000'],
      ['1.23456万', '12345.6'],
      ['3k', '3000'],
      ['1.5m', '1500000'],
      ['88.50元', '88.5'],
      ['12,3456', '123456'],
      ['', null],
      ['—', null],
      ['0', '0'],
    ] as const)
      expect(parseCell(text), text).toEqual({ value })
  })
  it('says what it cannot read', () => {
    expect(parseCell('很多')).toEqual({ wrong: 'number' })
    expect(parseCell('1,5')).toEqual({ wrong: 'number' })
    expect(parseCell('1e5')).toEqual({ wrong: 'number' })
    expect(parseCell('-5')).toEqual({ wrong: 'negative' })
    expect(parseCell('1.23456')).toEqual({ wrong: 'decimals' })
  })
})

describe('a block from a spreadsheet', () => {
  it('keeps rows and columns', () => {
    expect(readBlock('1\t2\r\n3\t\r\n')).toEqual([
      ['1', '2'],
      ['3', ''],
    ])
    expect(readBlock('"1,000"\t"a ""b"""')).toEqual([['1,000', 'a "b"']])
    expect(readBlock('5')).toEqual([['5']])
  })
})

describe('a line', () => {
  it('shows what was typed over what is kept, and adds it up', () => {
    const line = { ...empty, record: record({ m1: '100', m2: '0.1', m12: '5' }) }
    const typed = { base: null, cells: { 1: '0.2', 2: '1万' } }
    const values = valuesOf(line, typed)
    expect(totals(values)).toEqual(['10100.2', null, null, '5', '10105.2'])
    expect(totals(valuesOf(line, { base: null, cells: { 0: 'x' } }))).toEqual([
      undefined,
      null,
      null,
      '5',
      undefined,
    ])
    expect(changed(typed, monthsOf(line.record))).toEqual([1, 2])
    expect(changed({ base: null, cells: { 0: '100.0', 3: '' } }, monthsOf(line.record))).toEqual([])
  })
  it('knows what somebody else has changed', () => {
    const base = { version: 3, months: monthsOf(record({ m1: '1', m2: '2' })) }
    const now = monthsOf(record({ m1: '9', m2: '2', m3: '7' }))
    expect(clashes({ base, cells: { 0: '5' } }, now)).toEqual([0])
    expect(clashes({ base, cells: { 0: '9', 1: '8' } }, now)).toEqual([])
    expect(clashes({ base: null, cells: { 2: '6', 4: '1' } }, now)).toEqual([2])
  })
})

describe('spreading', () => {
  it('loses nothing', () => {
    const even = spread('1000000', Array(12).fill(null), false) ?? []
    expect(plus(...even)).toBe('1000000')
    expect(even.every((v) => /^8333[34]$/.test(v))).toBe(true)
    const cents = spread('100.01', Array(12).fill(null), false) ?? []
    expect(plus(...cents)).toBe('100.01')
    expect(spread('5', Array(12).fill(null), true)?.every((v) => /^[01]$/.test(v))).toBe(true)
  })
  it('follows another year', () => {
    const last = [...Array(10).fill('0'), '30', '10']
    expect(spread('200', last, true)).toEqual([...Array(10).fill('0'), '150', '50'])
  })
  it('has no halves of customers', () => {
    expect(spread('5.5', Array(12).fill(null), true)).toBeUndefined()
    expect(spread('-5', Array(12).fill(null), false)).toBeUndefined()
  })
})

describe('the company', () => {
  const departments = [
    record({ id: 'sales', name: '销售部', manager: { id: 'boss', title: '刘敏' } }),
    record({ id: 'east', name: '华东', parent: { id: 'sales', title: '销售部' } }),
  ]
  const users = [
    record({ id: 'boss', name: '刘敏', department: { id: 'sales', title: '销售部' } }),
    record({ id: 'li', name: '李娜', department: { id: 'east', title: '华东' } }),
    record({ id: 'free', name: '自由人' }),
  ]
  const records = [
    record({ id: 't', level: 'person', owner: { id: 'li', title: '李娜' }, m1: '1' }),
    record({ id: 'd', level: 'department', team: { id: 'east', title: '华东' }, owner: { id: 'li' } }),
  ]
  it('is a tree of departments with their people', () => {
    const lines = linesOf({ departments, users, records, whole: true })
    expect(lines.map((l) => [l.key, l.depth])).toEqual([
      ['company', 0],
      ['department:sales', 1],
      ['person:boss', 2],
      ['department:east', 2],
      ['person:li', 3],
      ['person:free', 1],
    ])
    expect(lines[1]?.people).toEqual(['person:boss', 'person:li'])
    expect(lines[0]?.people).toHaveLength(3)
    expect([lines[3]?.record?.id, lines[4]?.record?.id]).toEqual(['d', 't'])
  })
  it('leaves out its own line for whom that is not to set, and never goes in circles', () => {
    const round = [
      record({ id: 'a', name: 'A', parent: { id: 'b' } }),
      record({ id: 'b', name: 'B', parent: { id: 'a' } }),
    ]
    expect(linesOf({ departments, users: [], records: [], whole: false })[0]?.key).toBe('department:sales')
    expect(linesOf({ departments: round, users: [], records: [], whole: false })).toEqual([])
  })
})
