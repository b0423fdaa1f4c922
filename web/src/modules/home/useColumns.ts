import { type RefObject, useLayoutEffect, useState } from 'react'

/** A card is hard to read narrower than this. */
const LEAST = 320
const MOST = 3

export const columnsIn = (width: number) => Math.max(1, Math.min(MOST, Math.floor(width / LEAST)))

/** How many cards stand beside each other; known before the first of them is painted. */
export function useColumns(box: RefObject<HTMLElement | null>): number {
  const [columns, setColumns] = useState(1)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const measure = () => setColumns(columnsIn(element.clientWidth))
    measure()
    if (!('ResizeObserver' in window)) return
    const watch = new ResizeObserver(measure)
    watch.observe(element)
    return () => watch.disconnect()
  }, [box])
  return columns
}
