import { type RefObject, useEffect } from 'react'
import { isComposing, isTyping } from '@/ui/ime'

/** What a line of a card leads to. */
const LINES = '[data-card] li'
const lead = (line: Element | undefined) => line?.querySelector<HTMLElement>('a[href], button[data-row]')

/** Where a key leads from the line in hand (-1: none yet); the card of each line is given. Null for keys that are not for the desk. */
export function nextLine(key: string, at: number, cards: readonly number[]): number | null {
  if (cards.length === 0) return null
  const clamp = (n: number) => Math.max(0, Math.min(cards.length - 1, n))
  if (key === 'j' || key === 'ArrowDown') return clamp(at + 1)
  if (key === 'k' || key === 'ArrowUp') return clamp(at - 1)
  const card = cards[at]
  if (card === undefined) return null
  const others =
    key === 'ArrowRight'
      ? cards.filter((c) => c > card)
      : key === 'ArrowLeft'
        ? cards.filter((c) => c < card)
        : []
  if (others.length === 0) return null
  const to = key === 'ArrowRight' ? Math.min(...others) : Math.max(...others)
  return cards.indexOf(to)
}

/** j and k go from line to line through all cards, also before one has clicked into one; there the arrows do as well. */
export function useDeskKeys(box: RefObject<HTMLElement | null>, enabled: boolean) {
  useEffect(() => {
    if (!enabled) return
    const onKey = (e: KeyboardEvent) => {
      if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey) return
      if (isComposing(e) || isTyping(e.target)) return
      if (document.querySelector('.ant-modal-wrap:not([style*="none"]), .ant-drawer-open')) return
      const lines = [...(box.current?.querySelectorAll(LINES) ?? [])].filter(lead)
      const here = document.activeElement?.closest('li') ?? null
      const at = here ? lines.indexOf(here) : -1
      // Arrows belong to whatever has the focus.
      if (at < 0 && e.key !== 'j' && e.key !== 'k') return
      const places = [...(box.current?.querySelectorAll('[data-card]') ?? [])]
      const to = nextLine(
        e.key,
        at,
        lines.map((l) => places.indexOf(l.closest('[data-card]') as Element)),
      )
      if (to === null) return
      e.preventDefault()
      lead(lines[to])?.focus()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [box, enabled])
}
