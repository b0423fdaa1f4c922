import { useTranslation } from 'react-i18next'
import type { ObjectDef } from '@/api/types'
import { asRef } from '@/fields'
import { useLabel } from '@/ui/useLabel'
import { ruleSentence, type Words } from './sentences'

export function usePoolWords(): Words {
  const { t } = useTranslation('pools')
  return t as unknown as Words
}

/** A rule as it stands, or as it is being written. */
export function useRuleSentence(object: ObjectDef): (rule: Record<string, unknown>) => string {
  const label = useLabel()
  const t = usePoolWords()
  return (rule) => {
    const chosen = Array.isArray(rule.levels) ? rule.levels.map(String) : []
    const levels = (object.fields.levels?.options ?? [])
      .filter((o) => chosen.includes(o.value))
      .map((o) => label(o.label, o.value))
    return ruleSentence(rule, { pool: asRef(rule.pool)?.title ?? '', levels }, t)
  }
}
