import { lazy, Suspense, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession, useViewer } from '@/api/session'
import { Avatar } from '@/ui/Avatar'
import { useShortcut } from '@/ui/useShortcut'
import { useRoleText } from '../useRoleText'
import css from './shell.module.css'

// Menus and dialogs are a good part of Ant Design; the first page does without them until somebody asks.
const AccountDropdown = lazy(() => import('./AccountDropdown'))
const ShortcutsDialog = lazy(() => import('./ShortcutsDialog'))

/** Who is signed in, and what concerns only him. */
export function AccountMenu({ collapsed, onNavigate }: { collapsed: boolean; onNavigate?: () => void }) {
  const { t } = useTranslation()
  const viewer = useViewer()
  const roles = useRoleText()
  const workspace = useSession().data?.workspace
  const button = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState<boolean>()
  const [help, setHelp] = useState<boolean>()
  // The menu closes itself when the pointer goes down anywhere else, this button included; the click must not reopen it.
  const wasOpen = useRef(false)
  useShortcut('?', () => setHelp(true))

  return (
    <div className={css.accountBox}>
      <button
        type="button"
        ref={button}
        className={css.account}
        aria-label={collapsed ? `${t('nav.account')} ${viewer.name}` : undefined}
        aria-haspopup="menu"
        aria-expanded={open ?? false}
        onPointerDown={() => {
          wasOpen.current = open ?? false
        }}
        onClick={(e) => setOpen(e.detail === 0 ? !open : !wasOpen.current)}
      >
        <Avatar name={viewer.name} size={28} />
        {!collapsed && (
          <span className={css.accountText}>
            <span className="gx-visually-hidden">{t('nav.account')}</span>
            <span className={css.accountName}>{viewer.name}</span>
            <span className={css.accountSub}>{viewer.department?.title ?? roles(viewer.roles)}</span>
            {workspace && !workspace.home && (
              <span className={css.accountSub}>{workspace.title || workspace.name}</span>
            )}
          </span>
        )}
      </button>
      {open !== undefined && (
        <Suspense fallback={null}>
          <AccountDropdown
            open={open}
            onClose={() => {
              setOpen(false)
              button.current?.focus()
            }}
            onShortcuts={() => setHelp(true)}
            onNavigate={onNavigate}
          />
        </Suspense>
      )}
      {help !== undefined && (
        <Suspense fallback={null}>
          <ShortcutsDialog open={help} onClose={() => setHelp(false)} />
        </Suspense>
      )}
    </div>
  )
}
