import { useTranslation } from 'react-i18next'
import { initials } from '@/ui/pinyin'
import s from './list.module.css'

const LETTERS = [...'ABCDEFGHJKLMNOPQRSTWXYZ']

interface Props {
  /** The letter the list was made to start at. */
  at: string | undefined
  /** The list stands where that letter begins. */
  atStart: boolean
  /** First name in view; its letter is marked while scrolling. */
  top: string | undefined
  onJump(letter: string | undefined): void
}

/** A–Z beside a list sorted by name: surnames by their pinyin. I, U and V begin no syllable. */
export function SurnameRail({ at, atStart, top, onJump }: Props) {
  const { t } = useTranslation('records')
  // The server knows surnames (单 is Shan, 曾 Zeng); the browser's guess is for scrolling on only.
  const now = (atStart && at) || (top ? initials(top).charAt(0).toUpperCase() : '')
  return (
    <nav className={s.rail} aria-label={t('rail.name')}>
      <button
        type="button"
        className={s.letter}
        aria-label={t('rail.start')}
        disabled={at === undefined}
        onClick={() => onJump(undefined)}
      >
        ↑
      </button>
      {LETTERS.map((letter) => (
        <button
          type="button"
          key={letter}
          className={`${s.letter} ${now === letter ? s.letterNow : ''}`}
          aria-label={t('rail.jump', { letter })}
          aria-current={now === letter || undefined}
          onClick={() => onJump(letter)}
        >
          {letter}
        </button>
      ))}
    </nav>
  )
}
