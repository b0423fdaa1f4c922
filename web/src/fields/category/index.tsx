import { Dash } from '@/ui/values'
import { filterOf } from '../shared/filterOf'
import css from '../shared/shared.module.css'
import { TreeEdit, TreeFilterMany, TreeFilterOne } from '../shared/TreeEdit'
import { asRef } from '../shared/values'
import type { FieldKind, ShowProps } from '../types'

function Show({ value, compact }: ShowProps) {
  const ref = asRef(value)
  return ref ? <span className={compact ? css.line : undefined}>{ref.title ?? '—'}</span> : <Dash />
}

export const category: FieldKind = {
  Show,
  Edit: TreeEdit,
  Filter: filterOf({ one: TreeFilterOne, many: TreeFilterMany }),
  width: 140,
  isEmpty: (v) => asRef(v) === undefined,
  toText: (v) => asRef(v)?.title ?? '',
}
