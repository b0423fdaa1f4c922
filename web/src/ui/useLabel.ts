import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldDef, Label, Lang } from '@/api/types'
import { langOf } from '@/locales'

export function useLang(): Lang {
  const { i18n } = useTranslation()
  return langOf(i18n.language)
}

/** Words of the catalogue in the viewer's language: `const label = useLabel(); label(object.plural)`. */
export function useLabel(): (l: Label | undefined, fallback?: string) => string {
  const lang = useLang()
  return useCallback((l, fallback = '') => l?.[lang] || l?.zh || fallback, [lang])
}

/** A name of the catalogue inside a sentence: "New customer", but still "New API key". */
export const midSentence = (text: string) =>
  /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text

/** The word for a field in a hint such as "Choose grade". */
export function useFieldWord(field: FieldDef): string {
  return midSentence(useLabel()(field.label, field.name))
}
