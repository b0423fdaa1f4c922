import type { KeyboardEvent } from 'react'
import { isComposing } from './ime'

/**
 * Ctrl or ⌘ with Enter finishes wherever something is filled in, so that the hands need not leave the keys. For `onKeyDownCapture`:
 * a select would take the Enter for itself.
 */
export const onSaveKey = (finish: () => void) => (e: KeyboardEvent) => {
  if (e.key !== 'Enter' || !(e.ctrlKey || e.metaKey) || isComposing(e)) return
  e.preventDefault()
  e.stopPropagation()
  finish()
}
