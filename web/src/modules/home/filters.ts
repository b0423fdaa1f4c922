import type { FilterExpr, ObjectDef } from '@/api/types'

/**
 * The questions of the desk. Each is asked once and also is the address its figure leads to, so that what one counts
 * is what one then sees.
 */
/** One's own, those of one's department and below, or all that one sees. */
export type Scope = 'mine' | 'team' | 'all'

/** The objects a workspace has are its own affair: a card whose fields are missing, or not wholly to be read, is not drawn. */
export const has = (object: ObjectDef | undefined, ...fields: string[]): object is ObjectDef =>
  object !== undefined &&
  fields.every((name) => {
    const field = object.fields[name]
    // A masked value can be neither filtered by nor summed up.
    return field !== undefined && field.readable !== false && field.masked !== true
  })

/** Whose they are; `path` leads to the record that has an owner. */
function whose(scope: Scope, path = ''): FilterExpr[] {
  if (scope === 'mine') return [[`${path}owner`, '=', 'me']]
  return scope === 'team' ? [[`${path}department`, 'under', 'my_department']] : []
}
const owned = (scope: Scope, ...rest: FilterExpr[]): FilterExpr => ({ and: [...whose(scope), ...rest] })

export const tasksDue = (scope: Scope) =>
  owned(scope, ['status', '=', 'open'], {
    or: [
      ['due_at', 'within', 'today'],
      ['due_at', 'within', 'overdue'],
    ],
  })
export const tasksOverdue = (scope: Scope) =>
  owned(scope, ['status', '=', 'open'], ['due_at', 'within', 'overdue'])
export const customersDue = (scope: Scope) => owned(scope, ['next_contact_at', 'within', 'overdue'])
/** By the intervals of contact, which leave out those who lie in a pool, are lost or are excused. */
export const customersOverdue = (scope: Scope) => owned(scope, ['contact_due_at', 'within', 'overdue'])
/** The days of this week and the next on which customers are thought of. */
export const careSoon = (scope: Scope) => owned(scope, ['next_on', 'within', 'next_14_days'])
export const leadsUntouched: FilterExpr = {
  and: [
    ['owner', '=', 'me'],
    ['status', '=', 'new'],
    ['last_contact_at', 'is_null'],
  ],
}
export const openDeals = (scope: Scope) => owned(scope, ['status', '=', 'open'])
export const dealsInStage = (scope: Scope, stage: string) =>
  owned(scope, ['status', '=', 'open'], ['stage', '=', stage])
export const wonThisMonth = (scope: Scope) =>
  owned(scope, ['status', '=', 'won'], ['close_date', 'within', 'this_month'])
/** Those of the two figures together. */
export const openOrWon = (scope: Scope) =>
  owned(scope, ['status', 'in', ['open', 'won']], {
    or: [
      ['status', '=', 'open'],
      {
        and: [
          ['status', '=', 'won'],
          ['close_date', 'within', 'this_month'],
        ],
      },
    ],
  })
export const movesOfWeek = (scope: Scope): FilterExpr => ({
  and: [...whose(scope, 'opportunity.'), ['changed_at', 'within', 'last_7_days']],
})
