import { useCallback } from 'react'
import type { ObjectDef, RecordData } from '@/api/types'
import { useGo } from '../data/nav'
import { trailOf } from '../data/trail'

/** Back to the list, where a record left the viewer's sight by what he did: then the answer is its id and nothing else. */
export function useLeave(object: ObjectDef) {
  const go = useGo()
  return useCallback(
    (after: RecordData | undefined) => {
      if (after && typeof after === 'object' && after.version === undefined)
        void go.back(object.name, trailOf(object.name))
    },
    [go, object.name],
  )
}
