import { App } from 'antd'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { isApiError } from '@/api/client'
import { useClaim } from '@/api/hooks'
import type { ObjectDef, RecordData } from '@/api/types'
import { problemText } from '@/ui/states'
import { useValueText } from '../parts/useFields'

/** Refusals that have words of their own here, should the server send none. */
const known = [
  'already_claimed',
  'not_in_pool',
  'claim_limit',
  'cooling_down',
  'too_new',
  'capacity_full',
  'not_a_member',
] as const

export function useRefusal(): (error: unknown) => string {
  const { t } = useTranslation('pools')
  return useCallback(
    (error) => {
      const code = known.find((c) => isApiError(error, c))
      const said = isApiError(error) && error.problem.detail
      return said || (code ? t(`refusal.${code}`) : problemText(error) || t('refusal.failed'))
    },
    [t],
  )
}

/** Claims a record for the viewer and tells how that went. */
export function useClaiming(object: ObjectDef) {
  const { t } = useTranslation('pools')
  const { message } = App.useApp()
  const text = useValueText()
  const refusal = useRefusal()
  const { mutateAsync, isPending } = useClaim(object.name)
  const field = object.fields[object.title]
  const claim = useCallback(
    async (record: RecordData, pool: string, wait = false) => {
      const title = field ? text(field, record[field.name]) : ''
      try {
        await mutateAsync({ id: record.id, pool, wait })
        // One after the other: the last says it, not ten on top of each other.
        void message.success({ key: 'claimed', content: t('claimed', { title }) })
      } catch (e) {
        void message.error({ content: t('notClaimed', { title, reason: refusal(e) }), duration: 6 })
      }
    },
    [field, text, mutateAsync, message, t, refusal],
  )
  return { claim, isPending }
}
