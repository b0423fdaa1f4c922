import { MenuOutlined, SearchOutlined } from '@ant-design/icons'
import { Outlet, useParams, useRouter, useRouterState } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue } from '@/api/catalogue'
import { liveState, startEvents, watchLive } from '@/api/events'
import { useUnread } from '@/api/notifications'
import { keys, queryClient } from '@/api/queryClient'
import { usePreference } from '@/api/session'
import { badge } from '@/modules/notifications/rows'
import { closeNotifications, openNotifications, useNotificationsOpen } from '@/modules/notifications/state'
import { openQuick, useQuick } from '@/ui/quick'
import { PageSkeleton } from '@/ui/Skeletons'
import { useShortcut } from '@/ui/useShortcut'
import { CreateProvider } from '../create'
import { Feedback } from '../Feedback'
import { Bell } from '../notifications/Bell'
import { News } from '../notifications/News'
import { openPalette, usePaletteState } from '../palette/state'
import { useDocumentTitle } from '../useDocumentTitle'
import { HandoverNotice } from './HandoverNotice'
import { Sidebar } from './Sidebar'
import css from './shell.module.css'
import { useShellCommands } from './useShellCommands'
import { Watermark } from './Watermark'

const Palette = lazy(() => import('../palette/Palette'))
const Notifications = lazy(() => import('../notifications/Panel'))
const QuickEntry = lazy(() => import('@/modules/quick').then((m) => ({ default: m.QuickEntry })))
const NavDrawer = lazy(() => import('./NavDrawer'))

export function ContentSkeleton() {
  return <PageSkeleton />
}

function useLive() {
  const router = useRouter()
  useEffect(
    () =>
      startEvents(() => {
        queryClient.setQueryData(keys.session, null)
        void router.invalidate()
      }),
    [router],
  )
  return useSyncExternalStore(watchLive, liveState)
}

/**
 * Lists, records and the palette are where everybody goes next: their code is fetched once the page has nothing better
 * to do. Without it the first letters typed after Ctrl-K would be lost.
 */
function useWarmUp() {
  useEffect(() => {
    const warm = () => {
      import('@/records').catch(() => {})
      import('../palette/Palette').catch(() => {})
    }
    if (!('requestIdleCallback' in window)) {
      const timer = setTimeout(warm, 2000)
      return () => clearTimeout(timer)
    }
    const idle = requestIdleCallback(warm, { timeout: 5000 })
    return () => cancelIdleCallback(idle)
  }, [])
}

export function Shell() {
  return (
    <CreateProvider>
      <Inside />
    </CreateProvider>
  )
}

function Inside() {
  const { t } = useTranslation()
  const { workspace, objects } = useCatalogue()
  const [collapsed, setCollapsed] = usePreference('nav_collapsed', false)
  const [menu, setMenu] = useState<boolean>()
  const live = useLive()
  const palette = usePaletteState()
  const notifications = useNotificationsOpen()
  const quick = useQuick()
  const here = useParams({ strict: false }) as { object?: string; id?: string }
  const unread = useUnread().data ?? 0
  const path = useRouterState({ select: (s) => s.location.pathname })

  useDocumentTitle(workspace.title || t('name'), unread > 0 ? badge(unread) : '')
  useWarmUp()
  useShellCommands()
  useShortcut('mod+k', () => openPalette(), { whileTyping: true })
  useShortcut('/', () => openPalette())
  useShortcut('i', openNotifications)
  // On a record it is about that one, where there can be follow-ups on it.
  useShortcut(
    'q',
    () => openQuick(here.object && here.id ? { object: here.object, id: here.id } : undefined),
    { enabled: can(objects.follow_up, 'create') },
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: going somewhere closes what lies over the page
  useEffect(() => {
    setMenu((m) => m && false)
    closeNotifications()
  }, [path])

  return (
    <div className={`${css.shell} ${collapsed ? css.collapsed : ''}`}>
      <a className={css.skip} href="#content">
        {t('nav.skip')}
      </a>
      <div className={css.side}>
        <Sidebar collapsed={collapsed} onCollapse={() => setCollapsed(!collapsed)} />
      </div>
      <header className={css.top}>
        <Button
          type="text"
          icon={<MenuOutlined aria-hidden />}
          aria-label={t('nav.open')}
          onClick={() => setMenu(true)}
        />
        <span className={css.topTitle}>{workspace.title || t('name')}</span>
        {workspace.demo && <span className={css.demo}>{t('nav.demo')}</span>}
        <Button
          type="text"
          icon={<SearchOutlined aria-hidden />}
          aria-label={t('nav.search')}
          onClick={openPalette}
        />
        <Bell />
      </header>
      {menu !== undefined && (
        <Suspense fallback={null}>
          <NavDrawer open={menu} onClose={() => setMenu(false)} />
        </Suspense>
      )}
      <main className={css.main} id="content" tabIndex={-1}>
        <Suspense fallback={<ContentSkeleton />}>
          <Outlet />
        </Suspense>
      </main>
      {live === 'off' && (
        <div className={css.live} role="status">
          {t('live.offline')}
        </div>
      )}
      {palette.used && (
        <Suspense fallback={null}>
          <Palette />
        </Suspense>
      )}
      {notifications.used && (
        <Suspense fallback={null}>
          <Notifications sideWidth={collapsed ? 56 : 232} />
        </Suspense>
      )}
      {quick.used && (
        <Suspense fallback={null}>
          <QuickEntry />
        </Suspense>
      )}
      <News />
      <Feedback />
      <HandoverNotice />
      <Watermark />
    </div>
  )
}
