import { category } from '../category'
import type { FieldKind } from '../types'

/** A tree of records like any category; "my department" in filters comes from its target. */
export const department: FieldKind = { ...category, width: 128 }
