import { CheckOutlined, SettingOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { App, Button, Drawer, Tooltip } from 'antd'
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MOST_UNDOABLE, useMark, useMarkAll, useNotificationSettings, useUnread } from '@/api/notifications'
import { badge, groupsOf } from '@/modules/notifications/rows'
import { closeNotifications, useNotificationsOpen } from '@/modules/notifications/state'
import { problemText } from '@/ui/states'
import { Kbd } from '@/ui/values'
import app from '../app.module.css'
import { NotificationList } from './NotificationList'
import css from './notifications.module.css'
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
  const id = useId()
  const strip = useRef<HTMLDivElement>(null)
  const onKeyDown = (e: KeyboardEvent) => {
    const at = tabs.findIndex((x) => x.key === tab)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[e.key]
    const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length]
    if (!next) return
    e.preventDefault()
    setTab(next.key)
    strip.current?.querySelectorAll('button')[tabs.indexOf(next)]?.focus()
  }
  return (
    <>
      <div ref={strip} role="tablist" className={css.tabs} aria-label={t('tab.label')} onKeyDown={onKeyDown}>
        {tabs.map(({ key, label }) => (
          <button
            key={key}
            type="button"
            role="tab"
            id={`${id}-${key}`}
            className={css.tab}
            aria-selected={key === tab}
            aria-controls={key === tab ? `${id}-list` : undefined}
            tabIndex={key === tab ? 0 : -1}
            onClick={(e) => {
              // Chosen with the mouse, the list below gets the keys.
              if (e.detail > 0) e.currentTarget.blur()
              setTab(key)
            }}
          >
            {label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-list`} aria-labelledby={`${id}-${tab}`} className={css.body}>
        <NotificationList
          key={tab}
          filter={{ unread: tab === UNREAD || undefined, kinds: group?.kinds ?? [] }}
          name={tabs.find((x) => x.key === tab)?.label ?? ''}
          onlyUnread={tab === UNREAD}
        />
      </div>
      <p className={css.keys} aria-hidden>
        <Kbd>J</Kbd> <Kbd>K</Kbd> {t('keys.move')} <Kbd>Enter</Kbd> {t('keys.open')} <Kbd>E</Kbd>{' '}
        {t('keys.read')} <Kbd>Esc</Kbd> {t('keys.close')}
      </p>
    </>
  )
}
