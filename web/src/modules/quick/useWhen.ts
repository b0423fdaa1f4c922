import { useEffect, useState } from 'react'
import { useSettled } from '@/ui/useSettled'
import type { When } from './understand/when'

interface Reading {
  text: string
  when: When | null
  /** What is to be done then. */
  step: string
}

const nothing: Reading = { text: '', when: null, step: '' }

/** The next contact that a text names; the reader of dates is fetched with the first text. */
export function useWhen(text: string): Reading {
  const settled = useSettled(text, 250)
  const [reading, setReading] = useState(nothing)
  useEffect(() => {
    if (settled.trim() === '') return setReading(nothing)
    let gone = false
    import('./understand/when')
      .then(({ whenIn, stepOf }) => {
        if (gone) return
        const when = whenIn(settled)
        setReading({ text: settled, when, step: when ? stepOf(settled, when) : '' })
      })
      // Without it one picks the date by hand.
      .catch(() => {})
    return () => {
      gone = true
    }
  }, [settled])
  return reading
}
