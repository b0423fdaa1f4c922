import { kindOf } from '@/fields/registry'
import type { ShowProps } from '@/fields/types'
import { Dash } from '@/ui/values'

/** Any field's value, read only; a quiet dash where there is none. */
export function FieldValue(props: ShowProps) {
  const kind = kindOf(props.field)
  if (kind.isEmpty(props.value)) return <Dash />
  return <kind.Show {...props} />
}
