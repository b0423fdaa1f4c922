import { expect, it } from 'vitest'
import type { FieldDef } from '@/api/types'
import { summable } from '@/records/model/columns'
import { integer } from '../integer'

const field = (min?: number, max?: number) => ({ name: 'f', type: 'integer', min, max }) as FieldDef
const text = (f: FieldDef) => integer.toText(2025, f, { lang: 'zh' })

it('writes a year as a year, and other numbers as numbers', () => {
  expect(text(field(1990, 2200))).toBe('2025')
  for (const f of [field(), field(0, 2200), field(1990), field(1000, 100_000)]) expect(text(f)).toBe('2,025')
})

it('adds up what can be any number, not years, days and limits', () => {
  expect([field(), field(0)].map(summable)).toEqual([true, true])
  expect([field(1990, 2200), field(1, 12), field(1, 3650)].map(summable)).toEqual([false, false, false])
})
