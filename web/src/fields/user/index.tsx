import { Person } from '@/ui/Avatar'
import { Dash } from '@/ui/values'
import { filterOf } from '../shared/filterOf'
import { LookupEdit } from '../shared/LookupEdit'
import { LookupFilterMany, LookupFilterOne } from '../shared/LookupFilter'
import { asRef } from '../shared/values'
import type { EditProps, FieldKind, ShowProps } from '../types'

function Show({ value }: ShowProps) {
  const who = asRef(value)
  return who ? <Person who={who} /> : <Dash />
}

function Edit(props: EditProps) {
  return <LookupEdit {...props} />
}

export const user: FieldKind = {
  Show,
  Edit,
  Filter: filterOf({ one: LookupFilterOne, many: LookupFilterMany }),
  width: 128,
  isEmpty: (v) => asRef(v) === undefined,
  toText: (v) => asRef(v)?.title ?? '',
}
