import { App } from 'antd'
import dayjs from 'dayjs'
import { type FocusEvent, type KeyboardEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { isComposing } from '@/ui/ime'
import { readWhen } from '@/ui/understand/useWhen'
import type { EditProps } from '../types'

type Props = Pick<EditProps, 'onChange' | 'onCommit' | 'onCancel'> & {
  /** What the picker understands itself. */
  formats: string[]
  /** The field's value for an instant. */
  fromInstant(at: string): string
}

/**
 * Dates as people say them (明天, 下周三下午三点, next Mon) in a picker's input. What nobody can read is named, for the picker
 * would only empty itself without a word.
 */
export function useTypedDate({ formats, fromInstant, onChange, onCommit, onCancel }: Props) {
  const { t } = useTranslation('fields')
  const { message } = App.useApp()
  const reading = useRef(false)
  const known = (text: string) => text === '' || formats.some((format) => dayjs(text, format, true).isValid())
  const take = async (text: string) => {
    if (reading.current) return
    reading.current = true
    const { when } = await readWhen(text)
    reading.current = false
    if (when) onChange(fromInstant(when.at))
    else void message?.warning(t('notADate', { text: text.slice(0, 40) }), 4)
    onCommit?.()
  }
  const textOf = (e: { target: EventTarget }) =>
    e.target instanceof HTMLInputElement ? e.target.value.trim() : ''
  return {
    onBlur: (e: FocusEvent<HTMLElement>) => {
      const text = textOf(e)
      if (known(text)) onCommit?.()
      else void take(text)
    },
    onKeyDown: (e: KeyboardEvent<HTMLElement>, preventDefault?: () => void) => {
      if (e.key === 'Escape') onCancel?.()
      const text = textOf(e)
      if (e.key !== 'Enter' || isComposing(e) || known(text)) return
      preventDefault?.()
      e.preventDefault()
      void take(text)
    },
  }
}
