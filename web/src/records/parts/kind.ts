import type { FieldDef } from '@/api/types'
import { kindOf } from '@/fields/registry'

export { kindOf }

export const alignsRight = (field: FieldDef): boolean => kindOf(field).align === 'right'
