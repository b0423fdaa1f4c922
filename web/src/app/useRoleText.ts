import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { useLabel } from '@/ui/useLabel'

/** Words of roles, from the options of the user's `roles` field so that a role of the workspace's own has its name too. */
export function useRoleText(): (roles: readonly string[]) => string {
  const { t, i18n } = useTranslation()
  const label = useLabel()
  const { objects } = useCatalogue()
  const options = objects.user?.fields.roles?.options
  return useCallback(
    (roles) => {
      const known = {
        admin: t('role.admin'),
        administrator: t('role.administrator'),
        manager: t('role.manager'),
        member: t('role.member'),
      }
      const words = roles.map((r) => {
        const option = options?.find((o) => o.value === r)
        return option ? label(option.label, r) : (known[r as keyof typeof known] ?? r)
      })
      return words.join(i18n.language.startsWith('zh') ? '、' : ', ')
    },
    [t, i18n.language, label, options],
  )
}
