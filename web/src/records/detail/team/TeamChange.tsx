import { useTranslation } from 'react-i18next'
import type { HistoryEntry } from '@/api/types'
import { type TeamWords, teamWords } from './words'

/** What an entry of the history did to the team, as one reads it after the name of who did it. */
export function TeamChange({ entry, className }: { entry: HistoryEntry; className?: string }) {
  const { t } = useTranslation('records')
  const text = ({ verb, who, level, until }: TeamWords) => {
    const words = {
      who: who ?? t('team.someone'),
      right: t(`team.may.${level}`),
      until: until === null ? t('team.forGood') : t('team.until', { day: until }),
    }
    return t(`team.did.${verb}`, words)
  }
  return teamWords(entry).map((words) => {
    const said = text(words)
    return (
      <span key={said} className={className}>
        {said}
      </span>
    )
  })
}
