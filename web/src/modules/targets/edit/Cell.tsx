import { type ClipboardEvent, type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isComposing } from '@/ui/ime'
import { formatNumber } from '@/ui/number'
import css from './edit.module.css'
import { readBlock } from './model'
import { parseCell } from './understand/number'

interface Props {
  row: number
  month: number
  label: string
  kept: string | null
  text: string | undefined
  trouble: string | undefined
  clash: boolean
  disabled: boolean
  onType(text: string): void
  onRestore(): void
  /** Another cell; none there leaves the focus where it is. */
  onGo(row: number, month: number): void
  onDone(): void
  onPaste(block: string[][]): void
}

/** One month of one target. */
export function Cell(props: Props) {
  const {
    row,
    month,
    label,
    kept,
    text,
    trouble,
    clash,
    disabled,
    onType,
    onRestore,
    onGo,
    onDone,
    onPaste,
  } = props
  const { t } = useTranslation('targets')
  const [inside, setInside] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const hint = useId()
  const parsed = text === undefined ? { value: kept } : parseCell(text)
  const wrong = 'wrong' in parsed ? t(`edit.wrong.${parsed.wrong}`) : trouble
  const shown = inside
    ? (text ?? kept ?? '')
    : 'value' in parsed
      ? parsed.value === null
        ? ''
        : formatNumber(parsed.value)
      : (text ?? '')

  // With the focus comes another text, and a caret at its end: what is typed next replaces it all.
  useLayoutEffect(() => {
    if (inside) input.current?.select()
  }, [inside])

  const keyDown = (e: KeyboardEvent<HTMLInputElement>) => {
    if (isComposing(e)) return
    const { selectionStart: start, selectionEnd: end, value } = e.currentTarget
    const all = start === 0 && end === value.length
    const go = (r: number, m: number) => {
      e.preventDefault()
      onGo(r, m)
    }
    if (e.key === 'Enter') {
      go(row + (e.shiftKey ? -1 : 1), month)
      // The last line is not left.
      onDone()
    } else if (e.key === 'ArrowDown' && !e.altKey) go(row + 1, month)
    else if (e.key === 'ArrowUp' && !e.altKey) go(row - 1, month)
    // Within the text the arrows belong to it until they come to its end.
    else if (e.key === 'ArrowLeft' && !e.shiftKey && (all || end === 0)) go(row, month - 1)
    else if (e.key === 'ArrowRight' && !e.shiftKey && (all || start === value.length)) go(row, month + 1)
    else if (e.key === 'Escape' && text !== undefined) {
      e.stopPropagation()
      onRestore()
    }
  }
  const paste = (e: ClipboardEvent<HTMLInputElement>) => {
    const copied = e.clipboardData.getData('text/plain')
    if (!/[\t\r\n]/.test(copied)) return
    e.preventDefault()
    onPaste(readBlock(copied))
  }
  return (
    <td
      className={`${css.cell} ${text !== undefined ? css.typed : ''} ${wrong || clash ? css.wrong : ''}`}
      title={wrong}
    >
      <input
        ref={input}
        data-row={row}
        data-month={month}
        aria-label={label}
        aria-invalid={wrong !== undefined || clash || undefined}
        aria-describedby={wrong ? hint : undefined}
        inputMode="decimal"
        autoComplete="off"
        value={shown}
        disabled={disabled}
        onMouseDown={(e) => {
          if (inside || e.button !== 0) return
          // Else the caret would be put where the mouse is after all is selected.
          e.preventDefault()
          e.currentTarget.focus()
        }}
        onFocus={() => setInside(true)}
        onBlur={() => setInside(false)}
        onChange={(e) => onType(e.target.value)}
        onKeyDown={keyDown}
        onPaste={paste}
      />
      {wrong && (
        <span id={hint} className={css.hint}>
          {wrong}
        </span>
      )}
    </td>
  )
}
