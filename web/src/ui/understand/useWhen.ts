import { useEffect, useState } from 'react'
import { useSettled } from '../useSettled'
import type { When } from './when'

export interface Reading {
  text: string
  when: When | null
  /** What is to be done then. */
  step: string
}

const nothing: Reading = { text: '', when: null, step: '' }

/** What a text names now, also where it was written too fast to have been shown. */
export async function readWhen(text: string): Promise<Reading> {
  if (text.trim() === '') return nothing
  try {
    const { whenIn, stepOf } = await import('./when')
    const when = whenIn(text)
    return { text, when, step: when ? stepOf(text, when) : '' }
  } catch {
    // Without the reader one picks the date by hand.
    return nothing
  }
}

/** The next contact that a text names; the reader of dates is fetched with the first text. */
export function useWhen(text: string): Reading {
  const settled = useSettled(text, 250)
  const [reading, setReading] = useState(nothing)
  useEffect(() => {
    let gone = false
    void readWhen(settled).then((read) => !gone && setReading(read))
    return () => {
      gone = true
    }
  }, [settled])
  return reading
}
