/** The parts that people play when a customer buys, and who plays them over one opportunity. */
import type { FieldDef, Label, RecordData } from '@/api/types'

export interface Part {
  value: string
  label: Label
  color: string | undefined
  members: RecordData[]
}

/** Every part in the order of the definition, the gaps too; a part of old that is no option any more comes last. */
export function partsOf(role: FieldDef | undefined, members: readonly RecordData[]): Part[] {
  const options = role?.options ?? []
  const parts: Part[] = options.map(({ value, label, color }) => ({
    value,
    label,
    color,
    members: members.filter((m) => m.role === value),
  }))
  const known = new Set(options.map((o) => o.value))
  for (const member of members.filter((m) => typeof m.role === 'string' && !known.has(m.role))) {
    const value = String(member.role)
    const part = parts.find((p) => p.value === value)
    if (part) part.members.push(member)
    else parts.push({ value, label: { zh: value, en: value }, color: undefined, members: [member] })
  }
  return parts
}

/** Who is there in no part that the viewer may see. */
export const withoutPart = (members: readonly RecordData[]) =>
  members.filter((m) => typeof m.role !== 'string')
