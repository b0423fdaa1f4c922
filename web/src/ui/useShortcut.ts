import { useEffect, useRef } from 'react'
import { isComposing, isTyping } from './ime'

interface Shortcut {
  /** `k`, `/`, `Escape`, or with `mod+` for Ctrl (⌘ on a Mac). */
  keys: string
  run: (e: KeyboardEvent) => void
  /** Also while typing. Only sensible with `mod+`. */
  whileTyping: boolean
}

// The screen that came last is in front, so its shortcut wins over the shell's.
const stack: { current: Shortcut }[] = []

const isMac = /Mac|iPhone|iPad/.test(navigator.platform)
export const modKey = isMac ? '⌘' : 'Ctrl'

function matches(s: Shortcut, e: KeyboardEvent): boolean {
  const mod = s.keys.startsWith('mod+')
  const key = mod ? s.keys.slice(4) : s.keys
  if (mod !== (isMac ? e.metaKey : e.ctrlKey) || e.altKey) return false
  if (!mod && (e.metaKey || e.ctrlKey)) return false
  return e.key === key || (key.length === 1 && e.key.toLowerCase() === key && !e.shiftKey)
}

/** While a dialog, drawer or menu is open, single keys are not meant for the page beneath. */
const layerOpen = () =>
  document.querySelector('.ant-modal-wrap:not([style*="none"]), .ant-drawer-open') !== null

function onKey(e: KeyboardEvent) {
  if (isComposing(e) || e.defaultPrevented) return
  const typing = isTyping(e.target)
  for (let i = stack.length - 1; i >= 0; i--) {
    const s = stack[i]?.current
    if (!s || !matches(s, e)) continue
    if (!s.whileTyping && (typing || layerOpen())) continue
    e.preventDefault()
    s.run(e)
    return
  }
}

export function useShortcut(
  keys: string,
  run: (e: KeyboardEvent) => void,
  options: {
    whileTyping?: boolean
    enabled?: boolean
    /** The shell's, which gives way to the screen's: drawn in one go with it, the shell would come last. */
    below?: boolean
  } = {},
) {
  const { whileTyping = keys.startsWith('mod+'), enabled = true, below = false } = options
  const entry = useRef<Shortcut>({ keys, run, whileTyping })
  useEffect(() => {
    entry.current = { keys, run, whileTyping }
  })
  useEffect(() => {
    if (!enabled) return
    if (stack.length === 0) window.addEventListener('keydown', onKey)
    if (below) stack.unshift(entry)
    else stack.push(entry)
    return () => {
      stack.splice(stack.indexOf(entry), 1)
      if (stack.length === 0) window.removeEventListener('keydown', onKey)
    }
  }, [enabled, below])
}
