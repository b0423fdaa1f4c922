import { useCallback } from 'react'
import { useCatalogue } from '@/api/catalogue'
import { useLabel } from '@/ui/useLabel'

/** “客户”, or for a place “部门 · 负责人”. */
export function useHoldingLabel() {
  const label = useLabel()
  const { objects } = useCatalogue()
  return useCallback(
    ({ object, field }: { object: string; field?: string }) => {
      const of = objects[object]
      if (!field || field === 'owner') return label(of?.plural, object)
      return `${label(of?.label, object)} · ${label(of?.fields[field]?.label, field)}`
    },
    [label, objects],
  )
}
