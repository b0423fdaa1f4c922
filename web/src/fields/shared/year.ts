import type { FieldDef } from '@/api/types'

/** Whole numbers between a first and a last year: they name, and are not divided into thousands. */
export const isYear = ({ type, min, max }: FieldDef): boolean =>
  type === 'integer' && Number(min ?? 0) >= 1000 && Number(max ?? 0) >= 1000 && Number(max) <= 9999
