import { CheckOutlined, SettingOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { App, Button, Drawer, Tabs, Tooltip } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MOST_UNDOABLE, useMark, useMarkAll, useNotificationSettings, useUnread } from '@/api/notifications'
import { problemText } from '@/ui/states'
import { Kbd } from '@/ui/values'
import app from '../app.module.css'
import { NotificationList } from './NotificationList'
import css from './notifications.module.css'
import { badge, groupsOf } from './rows'
import { closeNotifications, useNotificationsOpen } from './state'
import { usePhone } from './usePhone'

/** All that the viewer has been told: beside the navigation, and over everything on a phone. */
export default function Panel({ sideWidth }: { sideWidth: number }) {
  const { t } = useTranslation('notifications')
  const { open } = useNotificationsOpen()
  const phone = usePhone()
  return (
    <Drawer
      open={open}
      onClose={closeNotifications}
      placement={phone ? 'right' : 'left'}
      size={phone ? '100vw' : 420}
      rootStyle={phone ? undefined : { insetInlineStart: sideWidth }}
      title={t('title')}
      extra={<MarkAll />}
      destroyOnHidden
      // The list takes the focus itself, for its keys.
      autoFocus={false}
      // The page stays readable beside it; a click there closes it.
      styles={{
        body: { padding: 0, display: 'flex', flexDirection: 'column' },
        mask: phone ? undefined : { background: 'transparent' },
      }}
    >
      <Inside />
    </Drawer>
  )
}

function MarkAll() {
  const { t } = useTranslation('notifications')
  const { t: words } = useTranslation()
  const { message, modal } = App.useApp()
  const unread = useUnread().data ?? 0
  const all = useMarkAll()
  const mark = useMark()
  const failed = (e: unknown) => void message.error(problemText(e) || words('state.failedText'))

  const run = (everything: boolean) =>
    all.mutate(
      { everything },
      {
        onError: failed,
        onSuccess: (ids) => {
          const key = `notifications-${Date.now()}`
          const undo = () => {
            message.destroy(key)
            mark.mutate(
              { ids, read: false },
              { onSuccess: () => void message.success(words('feedback.undone'), 2), onError: failed },
            )
          }
          message.open({
            key,
            type: 'success',
            duration: 8,
            content: (
              <span className={app.toast}>
                {t('allRead')}
                {ids.length > 0 && (
                  <Button type="link" size="small" onClick={undo}>
                    {words('action.undo')}
                  </Button>
                )}
              </span>
            ),
          })
        },
      },
    )
  const ask = () => {
    if (unread <= MOST_UNDOABLE) return run(false)
    modal.confirm({
      title: t('markAllAsk'),
      content: t('markAllText'),
      okText: t('markAll'),
      onOk: () => run(true),
    })
  }
  return (
    <span className={css.tools}>
      <Button
        type="text"
        size="small"
        icon={<CheckOutlined aria-hidden />}
        disabled={unread === 0}
        loading={all.isPending}
        onClick={ask}
      >
        {t('markAll')}
      </Button>
      <Tooltip title={t('settings')}>
        <Link
          to="/account"
          search={{ tab: 'notifications' }}
          className={css.gear}
          aria-label={t('settings')}
          onClick={closeNotifications}
        >
          <SettingOutlined aria-hidden />
        </Link>
      </Tooltip>
    </span>
  )
}

const ALL = ':all'
const UNREAD = ':unread'

function Inside() {
  const { t } = useTranslation('notifications')
  const unread = useUnread().data ?? 0
  const groups = groupsOf(useNotificationSettings().data?.kinds ?? [])
  const [tab, setTab] = useState(ALL)
  const group = groups.find((g) => g.name === tab)
  const tabs = [
    { key: ALL, label: t('tab.all') },
    { key: UNREAD, label: unread > 0 ? t('tab.unreadCount', { count: badge(unread) }) : t('tab.unread') },
    ...groups.map((g) => ({ key: g.name, label: g.label || t('tab.general') })),
  ]
  return (
    <>
      <Tabs
        size="small"
        items={tabs}
        activeKey={tab}
        onChange={setTab}
        className={css.tabs}
        aria-label={t('tab.label')}
      />
      <NotificationList
        key={tab}
        filter={{ unread: tab === UNREAD || undefined, kinds: group?.kinds ?? [] }}
        name={tabs.find((x) => x.key === tab)?.label ?? ''}
        onlyUnread={tab === UNREAD}
      />
      <p className={css.keys} aria-hidden>
        <Kbd>J</Kbd> <Kbd>K</Kbd> {t('keys.move')} <Kbd>Enter</Kbd> {t('keys.open')} <Kbd>E</Kbd>{' '}
        {t('keys.read')} <Kbd>Esc</Kbd> {t('keys.close')}
      </p>
    </>
  )
}
