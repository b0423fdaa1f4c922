import type { ComponentProps } from 'react'
import { useNarrow } from '@/records/parts/useNarrow'
import { EmptyState } from '@/ui/states'

/** A card without content: what would stand here. Lower on a phone, where cards stand below each other. */
export function Nothing(props: Omit<ComponentProps<typeof EmptyState>, 'compact'>) {
  return <EmptyState {...props} compact={useNarrow()} />
}
