import { Input } from 'antd'
import type { TextAreaProps, TextAreaRef } from 'antd/es/input/TextArea'
import {
  type KeyboardEvent,
  type Ref,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { type Colleague, useColleagues } from '@/api/colleagues'
import { Person } from '@/ui/Avatar'
import { isComposing } from '@/ui/ime'
import { type Asked, askedAt, withMention } from '@/ui/mentions'
import { useSettled } from '@/ui/useSettled'
import { caretPlace } from './caret'
import css from './shared.module.css'

interface Props extends Omit<TextAreaProps, 'value' | 'onChange' | 'ref'> {
  value: string
  onChange(text: string): void
  ref?: Ref<TextAreaRef>
}

interface Place {
  left: number
  top?: number
  bottom?: number
}

const WIDTH = 240
const HEIGHT = 280

/** Below the sign, above it where there is no room; never out of the window. */
function placeOf(area: HTMLTextAreaElement, at: number): Place {
  const { left, top, bottom } = caretPlace(area, at)
  const x = Math.max(8, Math.min(left, window.innerWidth - WIDTH - 8))
  return bottom + HEIGHT < window.innerHeight || top < HEIGHT
    ? { left: x, top: bottom + 4 }
    : { left: x, bottom: window.innerHeight - top + 4 }
}

/** Long text in which `@` offers colleagues; Enter or Tab writes one in. While an input method composes, nothing is offered. */
export function MentionArea({ value, onChange, onKeyDown, onBlur, ref, ...rest }: Props) {
  const { t } = useTranslation('fields')
  const list = useId()
  const area = useRef<TextAreaRef>(null)
  useImperativeHandle(ref, () => area.current as TextAreaRef)
  const element = () => area.current?.resizableTextArea?.textArea
  const [asked, setAsked] = useState<(Asked & { place: Place }) | null>(null)
  const [chosen, setChosen] = useState(0)
  const composing = useRef(false)
  const caret = useRef<number>(undefined)
  const q = useSettled(asked?.q ?? null, asked?.q ? 150 : 0)
  const found = useColleagues(asked ? q : null)
  const people = asked ? (found.data ?? []) : []
  // Nobody is called so: an `@` may well be just that.
  const open = asked !== null && (people.length > 0 || (found.isFetching && asked.q === ''))
  const at = Math.min(chosen, people.length - 1)

  useLayoutEffect(() => {
    if (caret.current === undefined) return
    element()?.setSelectionRange(caret.current, caret.current)
    caret.current = undefined
  })

  const close = () => setAsked(null)
  const look = () => {
    const field = element()
    if (!field || composing.current) return
    const next =
      field.selectionStart === field.selectionEnd ? askedAt(field.value, field.selectionStart) : null
    if (next?.start !== asked?.start || next?.q !== asked?.q) setChosen(0)
    setAsked(next && { ...next, place: placeOf(field, next.start) })
  }
  const pick = (person: Colleague | undefined) => {
    const field = element()
    // What was typed since the list was asked for belongs to the mention too.
    const now = field && askedAt(field.value, field.selectionStart)
    if (!person || !field || !now) return close()
    const done = withMention(field.value, now, person.word)
    caret.current = done.caret
    onChange(done.text)
    close()
  }
  const keys = (e: KeyboardEvent<HTMLTextAreaElement>) => {
    if (open && !isComposing(e)) {
      const move = { ArrowDown: 1, ArrowUp: -1 }[e.key]
      const picks = (e.key === 'Enter' || e.key === 'Tab') && !e.ctrlKey && !e.metaKey && people.length > 0
      if (move && people.length > 0) setChosen((at + move + people.length) % people.length)
      else if (picks) pick(people[at])
      else if (e.key === 'Escape') close()
      if (move || picks || e.key === 'Escape') {
        e.preventDefault()
        // Neither the form nor the page shall take the same key for its own.
        e.stopPropagation()
        return
      }
    }
    onKeyDown?.(e)
  }

  return (
    <>
      <Input.TextArea
        {...rest}
        ref={area}
        value={value}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={open ? list : undefined}
        aria-activedescendant={open && people[at] ? `${list}-${at}` : undefined}
        onChange={(e) => {
          onChange(e.target.value)
          look()
        }}
        onSelect={() => asked && look()}
        onCompositionStart={() => {
          composing.current = true
          close()
        }}
        onCompositionEnd={() => {
          composing.current = false
          // Safari tells of the end before the text has it.
          setTimeout(look)
        }}
        onKeyDown={keys}
        onBlur={(e) => {
          close()
          onBlur?.(e)
        }}
      />
      {open &&
        createPortal(
          <div
            id={list}
            role="listbox"
            aria-label={t('mention.label')}
            className={css.mentions}
            style={asked.place}
            // The text keeps the focus.
            onMouseDown={(e) => e.preventDefault()}
          >
            {people.map((person, i) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the text area
              <div
                key={person.id}
                id={`${list}-${i}`}
                role="option"
                aria-selected={i === at}
                className={css.mentionOption}
                ref={(row) => {
                  if (i === at) row?.scrollIntoView?.({ block: 'nearest' })
                }}
                onMouseEnter={() => setChosen(i)}
                onClick={() => pick(person)}
              >
                <Person who={{ id: person.id, title: person.name }} />
                {person.word !== person.name && <span className={css.sub}>{person.word}</span>}
              </div>
            ))}
            {people.length === 0 && <div className={css.mentionWait}>{t('searching')}</div>}
          </div>,
          document.body,
        )}
    </>
  )
}
