import { expect, it } from 'vitest'
import type { FieldDef } from '@/api/types'
import { summable } from '@/records/model/columns'
import { integer } from '../integer'

const field = (min?: number, max?: number) => ({ name: 'f', type: 'integer', min, max }) as FieldDef
const text = (f: FieldDef) => integer.toText(2025, f, { lang: 'zh' })

it('writes a year as a year and adds none up', () => {
  expect([text(field(1990, 2200)), summable(field(1990, 2200))]).toEqual(['2025', false])
  // A number that may be small or large is one that is counted.
  for (const f of [field(), field(0, 2200), field(1990), field(1000, 100_000)]) {
    expect([text(f), summable(f)]).toEqual(['2,025', true])
  }
})
