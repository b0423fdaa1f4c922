import { Input, type InputProps, type InputRef } from 'antd'
import { type Ref, useEffect, useRef, useState } from 'react'

interface Props extends Omit<InputProps, 'value' | 'onChange' | 'defaultValue'> {
  value: string
  /** Comes when the typing has paused; never in the middle of an input method's composition. */
  onChange(text: string): void
  delay?: number
  inputRef?: Ref<InputRef>
}

/** An input for searching and filtering: 200 ms after the last key, at once on Enter, when cleared or left. */
export function SettledInput({ value, onChange, delay = 200, inputRef, ...rest }: Props) {
  const [text, setText] = useState(value)
  const composing = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const sent = useRef(value)

  // A value set from outside (a cleared filter, another view) replaces the text; our own echo does not.
  useEffect(() => {
    if (value !== sent.current) {
      sent.current = value
      setText(value)
    }
  }, [value])
  useEffect(() => () => clearTimeout(timer.current), [])

  const send = (next: string) => {
    clearTimeout(timer.current)
    if (next === sent.current) return
    sent.current = next
    onChange(next)
  }
  const later = (next: string) => {
    clearTimeout(timer.current)
    if (next === '') send(next)
    else timer.current = setTimeout(() => send(next), delay)
  }

  return (
    <Input
      {...rest}
      ref={inputRef}
      value={text}
      onChange={(e) => {
        setText(e.target.value)
        if (!composing.current) later(e.target.value)
      }}
      onCompositionStart={() => {
        composing.current = true
        clearTimeout(timer.current)
      }}
      onCompositionEnd={(e) => {
        composing.current = false
        later(e.currentTarget.value)
      }}
      onPressEnter={(e) => {
        if (!composing.current) send(text)
        rest.onPressEnter?.(e)
      }}
      onBlur={(e) => {
        // Leaving for a button that closes the editor must not lose the last strokes.
        if (!composing.current) send(text)
        rest.onBlur?.(e)
      }}
    />
  )
}
