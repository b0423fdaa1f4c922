import { asRef } from '@/fields/shared/values'

/** A rule by its name; of a reference its title. */
export const ruleName = (rule: unknown): string =>
  typeof rule === 'string' ? rule : (asRef(rule)?.title ?? '')
