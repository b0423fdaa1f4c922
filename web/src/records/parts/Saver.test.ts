import { describe, expect, it } from 'vitest'
import { ApiError } from '@/api/client'
import type { FieldDef, ObjectDef } from '@/api/types'
import { lackingOf } from './Saver'

const field = (name: string, more: Partial<FieldDef> = {}): FieldDef => ({
  name,
  type: 'text',
  label: { zh: name, en: name },
  operators: [],
  ...more,
})
const deal = {
  name: 'opportunity',
  fields: { amount: field('amount'), kept: field('kept', { writable: false }), stage: field('stage') },
} as unknown as ObjectDef

const refused = (...errors: [field: string, code: string][]) =>
  new ApiError({
    type: 'about:blank',
    title: 'Invalid',
    status: 422,
    code: 'invalid',
    errors: errors.map(([field, code]) => ({ field, code, message: `${field} ${code}` })),
  })

describe('a step that is refused for what it still needs', () => {
  it('asks for the fields one can fill and says the rest in words', () => {
    const found = lackingOf(
      deal,
      refused(
        ['amount', 'required_for_stage'],
        ['kept', 'required_for_stage'],
        ['stage', 'required_for_stage'],
        ['stage', 'open_tasks'],
      ),
      { stage: 'x' },
    )
    expect(found?.fields.map((f) => f.name)).toEqual(['amount'])
    expect(found?.reasons).toEqual([
      'kept required_for_stage',
      'stage required_for_stage',
      'stage open_tasks',
    ])
  })

  it('is another thing when something is wrong besides', () => {
    expect(lackingOf(deal, refused(['amount', 'required_for_stage'], ['amount', 'min']), {})).toBeNull()
    expect(lackingOf(deal, refused(), {})).toBeNull()
  })
})
