import type { FieldDef, RecordData, Ref } from '@/api/types'
import { asRefs, kindOf } from '@/fields'

interface Props {
  id: string
  label: string
  value: Ref[]
  onChange(people: Ref[]): void
  /** Who hands over cannot receive. */
  without?: string
  trouble?: string
  autoFocus?: boolean
  disabled?: boolean
}

const yes: RecordData = { id: '', version: 0, yes: true }

/** One or several colleagues who can sign in, in the order in which they receive. The caller draws the label (`htmlFor`). */
export function PeoplePick({ id, label, value, onChange, without, trouble, autoFocus, disabled }: Props) {
  const field: FieldDef = {
    name: 'to',
    type: 'multi_lookup',
    to: 'user',
    where: { active: 'yes' },
    label: { zh: label, en: label },
    operators: [],
  }
  const { Edit } = kindOf(field)
  return (
    <Edit
      id={id}
      field={field}
      record={yes}
      value={value}
      autoFocus={autoFocus}
      disabled={disabled}
      status={trouble ? 'error' : undefined}
      onChange={(v) => onChange(asRefs(v).filter((who) => who.id !== without))}
    />
  )
}
