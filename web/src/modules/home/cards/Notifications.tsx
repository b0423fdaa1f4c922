import { BellOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { useNotifications, useUnread } from '@/api/notifications'
import { iconOf } from '@/modules/notifications/rows'
import { openNotifications } from '@/modules/notifications/state'
import { useOpenNotification } from '@/modules/notifications/useOpen'
import { useWords } from '@/modules/notifications/useWords'
import { Icon } from '@/ui/Icon'
import { formatNumber } from '@/ui/number'
import { RelativeTime } from '@/ui/values'
import type { CardDef, CardProps } from '../card'
import { DeskCard } from '../DeskCard'
import css from '../home.module.css'
import { Nothing } from '../Nothing'
import { useLines } from '../useLines'

/** What has come and was not read; a click goes to it and marks it read. */
function Notifications({ seen }: CardProps) {
  const lines = useLines()
  const { t } = useTranslation('home')
  const { objects } = useCatalogue()
  const words = useWords()
  const open = useOpenNotification()
  const list = useNotifications({ unread: true, kinds: [] }, { enabled: seen })
  const unread = useUnread().data ?? 0
  // One that was read stays in the list until that is read anew; here it has nothing more to say.
  const items = (list.data?.pages[0]?.items ?? []).filter((n) => n.read_at === null).slice(0, lines)
  return (
    <DeskCard
      title={t('notifications.title')}
      extra={
        <button type="button" className={css.tailButton} onClick={openNotifications}>
          {unread > 0 ? t('all', { count: unread, shown: formatNumber(unread) }) : t('notifications.open')}
        </button>
      }
      asked={list}
      empty={
        items.length === 0 && (
          <Nothing
            icon={<BellOutlined aria-hidden />}
            title={t('notifications.none')}
            text={t('notifications.noneText')}
          />
        )
      }
    >
      <ul className={css.rows}>
        {items.map((n) => {
          const { lead, title, more } = words(n)
          return (
            <li key={n.id} className={css.row}>
              <span className={css.rowIcon}>
                <Icon name={iconOf(n, objects)} />
              </span>
              <span className={css.rowMain}>
                <button type="button" data-row="" className={css.rowTitle} onClick={() => open(n)}>
                  {title || lead}
                </button>
                <span className={css.rowSub}>{[title && lead, more].filter(Boolean).join(' · ')}</span>
              </span>
              <RelativeTime value={n.at} className={css.rowTail} />
            </li>
          )
        })}
      </ul>
    </DeskCard>
  )
}

export const notifications: CardDef = {
  id: 'notifications',
  icon: 'bell',
  width: 'narrow',
  fits: () => true,
  View: Notifications,
}
