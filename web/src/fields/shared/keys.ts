import type { KeyboardEvent } from 'react'
import { isComposing } from '@/ui/ime'
import type { EditProps } from '../types'

/** Enter saves, Esc gives up; in long text Enter makes a line and Ctrl/⌘-Enter saves. Never during composition. */
export function commitKeys(
  { onCommit, onCancel }: Pick<EditProps, 'onCommit' | 'onCancel'>,
  multiline = false,
) {
  return (e: KeyboardEvent) => {
    if (isComposing(e)) return
    if (e.key === 'Enter' && onCommit && (!multiline || e.ctrlKey || e.metaKey)) {
      e.preventDefault()
      e.stopPropagation()
      onCommit()
    }
    if (e.key === 'Escape' && onCancel) {
      e.preventDefault()
      e.stopPropagation()
      onCancel()
    }
  }
}
