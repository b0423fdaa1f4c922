import type { FilterExpr, ObjectDef } from '@/api/types'

/**
 * The questions of the home page. Each is asked once and also is the address its figure leads to, so that what one counts
 * is what one then sees.
 */
export type Scope = 'mine' | 'all'

/** The objects a workspace has are its own affair: a card whose fields are missing is not drawn. */
export const has = (object: ObjectDef | undefined, ...fields: string[]): object is ObjectDef =>
  object !== undefined && fields.every((f) => f in object.fields)

const owned = (scope: Scope, ...rest: FilterExpr[]): FilterExpr => ({
  and: [...(scope === 'mine' ? [['owner', '=', 'me'] as FilterExpr] : []), ...rest],
})

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
export const openDeals = (scope: Scope) => owned(scope, ['status', '=', 'open'])
export const dealsInStage = (scope: Scope, stage: string) =>
  owned(scope, ['status', '=', 'open'], ['stage', '=', stage])
export const wonThisMonth = (scope: Scope) =>
  owned(scope, ['status', '=', 'won'], ['close_date', 'within', 'this_month'])
