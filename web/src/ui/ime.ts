import { type CompositionEvent, type KeyboardEvent as ReactKeyboardEvent, useRef } from 'react'

type AnyKey = KeyboardEvent | ReactKeyboardEvent

/**
 * While an input method composes (typing "zhangsan" for 张三), Enter, Esc and letters belong to it. Safari ends the
 * composition before the keydown that ended it; only keyCode 229 still tells.
 */
export function isComposing(e: AnyKey): boolean {
  const native = 'nativeEvent' in e ? e.nativeEvent : e
  return native.isComposing || native.keyCode === 229
}

/** For inputs that search as one types: put `props` on an element around them, ask `active` before searching. */
export function useComposition(onEnd?: (text: string) => void) {
  const active = useRef(false)
  return {
    active,
    props: {
      onCompositionStart: () => {
        active.current = true
      },
      onCompositionEnd: (e: CompositionEvent<HTMLElement>) => {
        active.current = false
        onEnd?.((e.target as HTMLInputElement).value ?? '')
      },
    },
  }
}

/** Typing into a field must not trigger single-key shortcuts. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.role === 'combobox'
  )
}
