import { BellOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { useUnread } from '@/api/notifications'
import { badge } from '@/modules/notifications/rows'
import { toggleNotifications, useNotificationsOpen } from '@/modules/notifications/state'
import css from './notifications.module.css'

/** How many notifications have not been read; opens them. */
export function Bell() {
  const { t } = useTranslation('notifications')
  const unread = useUnread().data ?? 0
  const { open } = useNotificationsOpen()
  const name = unread > 0 ? t('bellUnread', { count: unread }) : t('title')
  return (
    <button
      type="button"
      className={css.bell}
      aria-label={name}
      title={name}
      aria-haspopup="dialog"
      aria-expanded={open}
      aria-keyshortcuts="i"
      onClick={toggleNotifications}
    >
      <BellOutlined aria-hidden />
      {unread > 0 && (
        <span className={css.badge} aria-hidden>
          {badge(unread)}
        </span>
      )}
    </button>
  )
}
