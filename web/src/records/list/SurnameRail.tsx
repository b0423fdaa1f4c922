import { useTranslation } from 'react-i18next'
import { initials } from '@/ui/pinyin'
import s from './list.module.css'

const LETTERS = [...'ABCDEFGHJKLMNOPQRSTWXYZ']

interface Props {
  /** The letter the list was made to start at. */
  at: string | undefined
  /** First name in view; its letter is marked while scrolling. */
  top: string | undefined
  onJump(letter: string | undefined): void
}

/** A–Z beside a list sorted by name: surnames by their pinyin. I, U and V begin no syllable. */
export function SurnameRail({ at, top, onJump }: Props) {
  const { t } = useTranslation('records')
  const now = (top ? initials(top).charAt(0).toUpperCase() : at) ?? ''
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
