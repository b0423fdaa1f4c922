import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import type { Notification } from '@/api/notifications'
import { iconOf } from '@/modules/notifications/rows'
import { useWords } from '@/modules/notifications/useWords'
import { Icon } from '@/ui/Icon'
import { RelativeTime } from '@/ui/values'
import css from './notifications.module.css'

interface Props {
  notification: Notification
  onOpen(): void
  onToggle(): void
}

/** One notification: a click goes to what it is about, the dot marks it read or unread. */
export function NotificationRow({ notification: n, onOpen, onToggle }: Props) {
  const { t } = useTranslation('notifications')
  const { objects } = useCatalogue()
  const { lead, title, more } = useWords()(n)
  const unread = n.read_at === null
  const act = t(unread ? 'markRead' : 'markUnread')
  return (
    <li className={`${css.row} ${unread ? css.unread : ''}`}>
      <button type="button" className={css.main} data-notification={n.id} onClick={onOpen}>
        <span className={css.icon}>
          <Icon name={iconOf(n, objects)} />
        </span>
        <span className={css.text}>
          {unread && <span className="gx-visually-hidden">{t('unreadMark')}</span>}
          <span className={css.lead}>{lead}</span>
          {title && <span className={css.name}>{title}</span>}
          {more && <span className={css.more}>{more}</span>}
          <RelativeTime value={n.at} className={css.time} />
        </span>
      </button>
      <Tooltip title={act} placement="left">
        <button
          type="button"
          className={css.dotButton}
          aria-label={`${act} ${title || lead}`}
          onClick={onToggle}
        >
          <span className={css.dot} aria-hidden />
        </button>
      </Tooltip>
    </li>
  )
}
