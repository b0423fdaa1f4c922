import { type RefObject, useEffect, useState } from 'react'

/** True from the moment an element is nearly in sight. */
export function useSeen(box: RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(!('IntersectionObserver' in window))
  useEffect(() => {
    if (seen || !box.current) return
    const watch = new IntersectionObserver((found) => found.some((f) => f.isIntersecting) && setSeen(true), {
      rootMargin: '240px',
    })
    watch.observe(box.current)
    return () => watch.disconnect()
  }, [seen, box])
  return seen
}
