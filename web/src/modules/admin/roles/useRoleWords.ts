import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Scope } from '@/api/roles'
import type { ObjectDef, RecordData } from '@/api/types'
import { useLang } from '@/ui/useLabel'
import { type Family, followsParent } from './rights'

const told = ['member', 'manager', 'administrator'] as const
type Told = (typeof told)[number]

/** What a role is for: its own description, else what the product says of its three. */
export function useRoleDescription(): (code: string, description: unknown) => string {
  const { t } = useTranslation('admin')
  return useCallback(
    (code, description) => {
      if (typeof description === 'string' && description !== '') return description
      return told.includes(code as Told) ? t(`role.${code as Told}`) : ''
    },
    [t],
  )
}

/** The name of a role in the viewer's language. */
export function useRoleName(): (role: RecordData) => string {
  const lang = useLang()
  return (role) => String((lang === 'en' && role.name_en) || role.name || '')
}

export function useScopeText(): (scope: Scope, of?: Family | ObjectDef) => string {
  const { t } = useTranslation('admin')
  return useCallback(
    (scope, of) => (of && followsParent(of, scope) ? t('scope.parent') : t(`scope.${scope}`)),
    [t],
  )
}
