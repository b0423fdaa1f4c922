import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import { useCatalogue } from '@/api/catalogue'
import { type Notification, useMark } from '@/api/notifications'
import { targetOf } from './rows'
import { closeNotifications } from './state'

/** To what a notification is about, which is then read. */
export function useOpenNotification() {
  const navigate = useNavigate()
  const { objects } = useCatalogue()
  const { mutate } = useMark()
  return useCallback(
    (n: Notification) => {
      if (n.read_at === null) mutate({ ids: [n.id], read: true })
      const target = targetOf(n, objects)
      if (!target) return
      closeNotifications()
      if (target.to === 'record') {
        void navigate({ to: '/o/$object/$id', params: { object: target.object, id: target.id } })
      } else {
        void navigate({ to: '/o/$object', params: { object: target.object }, search: target.search })
      }
    },
    [navigate, objects, mutate],
  )
}
