import type { Option } from '@/api/types'
import { Chip } from '@/ui/Chip'
import { useLabel } from '@/ui/useLabel'

/** An option with a colour is a chip in it; without one it is plain words, since colour should mean something. */
export function OptionTag({ option }: { option: Option }) {
  const label = useLabel()
  const text = label(option.label, option.value)
  return option.color ? <Chip color={option.color}>{text}</Chip> : <span>{text}</span>
}
