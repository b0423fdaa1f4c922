import { useTranslation } from 'react-i18next'
import { wallClock } from '@/ui/time'
import { type Choice, isChoice, readRule } from './repeat'

/** A choice in words, for something that begins then. */
export function useRepeatWords(starts: string) {
  const { t } = useTranslation('schedule')
  const day = wallClock(starts)
  return (choice: Choice) =>
    t(`repeat.${choice}`, {
      weekday: day.format('dddd'),
      day: day.date(),
      date: day.format(t('format.date')),
    })
}

/** A whole rule in words; one that nobody can choose stands as it is. */
export function useRuleWords(rule: string, starts: string): string {
  const { t } = useTranslation('schedule')
  const words = useRepeatWords(starts)
  const { base, until } = readRule(rule)
  if (!isChoice(base)) return rule
  return until ? t('repeat.untilDay', { rule: words(base), day: until }) : words(base)
}
