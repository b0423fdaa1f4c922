import { useTranslation } from 'react-i18next'
import { listText } from '@/fields/shared/values'
import { useLang } from '@/ui/useLabel'
import type { Tie } from './ties'

/** What ties somebody to the customer: “subsidiary, partners”, the part that a contact plays. */
export function useTieWords(): (tie: Tie) => string {
  const { t } = useTranslation('records')
  const lang = useLang()
  return ({ kind, words }) =>
    kind === 'link' || (kind === 'contact' && words.length > 0)
      ? listText(words, lang) || t(`links.${kind}`)
      : listText([t(`links.${kind}`), ...words], lang)
}
