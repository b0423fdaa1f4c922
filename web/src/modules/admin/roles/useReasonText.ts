import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { useLabel } from '@/ui/useLabel'
import { families } from './rights'

/** The server names the place of a fault as the rights do (`objects.customer.fields.phone`); people know it by its label. */
export function useReasonText(): (message: string) => string {
  const { t } = useTranslation('admin')
  const label = useLabel()
  const { objects } = useCatalogue()
  return (message) => {
    const family = families.find((f) => message.startsWith(f))
    if (family) return message.replace(/^[\w.]+/, t(`family.${family}`))
    if (message.startsWith('addresses')) return message.replace(/^addresses/, t('roles.addresses'))
    return message.replace(/^objects\.(\w+)(?:\.fields\.(\w+)|\.\w+)?/, (_, name: string, field?: string) => {
      const object = objects[name]
      const names = [label(object?.label, name), field && label(object?.fields[field]?.label, field)]
      return names.filter(Boolean).join(' · ')
    })
  }
}
