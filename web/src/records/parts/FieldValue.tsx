import { can } from '@/api/catalogue'
import type { ObjectDef } from '@/api/types'
import { kindOf } from '@/fields/registry'
import type { ShowProps } from '@/fields/types'
import { Dash } from '@/ui/values'
import { hasMeaning, MeantShow } from '../criteria/meaning'
import { Veiled } from '../pool/Veiled'
import { MaskedValue } from './MaskedValue'

interface Props extends ShowProps {
  /** The object of `record`, where a masked value may be looked at. */
  object?: ObjectDef
}

/** Any field's value, read only; a quiet dash where there is none. */
export function FieldValue({ object, ...props }: Props) {
  const kind = kindOf(props.field)
  if (kind.isEmpty(props.value)) {
    const inPool = object?.fields.pool?.to === 'pool' && props.record?.pool
    return inPool && props.record ? <Veiled record={props.record} field={props.field.name} /> : <Dash />
  }
  if (props.field.masked && object && props.record && can(object, 'reveal')) {
    return <MaskedValue {...props} object={object.name} record={props.record} />
  }
  if (object && hasMeaning(object.name, props.field.name))
    return <MeantShow object={object.name} {...props} />
  return <kind.Show {...props} />
}
