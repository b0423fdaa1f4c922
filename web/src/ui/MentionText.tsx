import { Fragment } from 'react'
import { mentionsIn } from './mentions'
import css from './ui.module.css'

/** Text with whom it mentions standing out. */
export function MentionText({ text }: { text: string }) {
  if (!text.includes('@')) return text
  return mentionsIn(text).map((piece, i) =>
    piece.mention ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no identity of their own
      <span key={i} className={css.mention}>
        {piece.text}
      </span>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <Fragment key={i}>{piece.text}</Fragment>
    ),
  )
}
