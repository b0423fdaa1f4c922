import { Dash } from '@/ui/values'
import { filterOf } from '../shared/filterOf'
import css from '../shared/shared.module.css'
import { TextEdit } from '../shared/TextEdit'
import { asText, emptyValue } from '../shared/values'
import type { EditProps, FieldKind, ShowProps } from '../types'

/** Only web addresses become links: `javascript:` typed by somebody must stay text. */
export function safeHref(text: string): string | undefined {
  const address = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`
  try {
    const parsed = new URL(address)
    return parsed.protocol === 'http:' || parsed.protocol === 'https:' ? parsed.href : undefined
  } catch {
    return undefined
  }
}

function Show({ value, compact }: ShowProps) {
  if (emptyValue(value)) return <Dash />
  const text = asText(value)
  const href = safeHref(text)
  const words = text.replace(/^https?:\/\//i, '').replace(/\/$/, '')
  const look = compact ? css.line : css.words
  if (!href) return <span className={look}>{text}</span>
  return (
    <a
      className={`${css.link} ${look}`}
      href={href}
      target="_blank"
      rel="noreferrer noopener"
      onClick={(e) => e.stopPropagation()}
    >
      {words}
    </a>
  )
}
function Edit(props: EditProps) {
  return <TextEdit {...props} look={{ inputMode: 'url' }} />
}

export const url: FieldKind = {
  Show,
  Edit,
  Filter: filterOf({}),
  width: 200,
  isEmpty: emptyValue,
  toText: asText,
}
