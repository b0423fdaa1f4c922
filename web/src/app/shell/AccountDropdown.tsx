import {
  CheckOutlined,
  LogoutOutlined,
  MacCommandOutlined,
  SwapOutlined,
  UserOutlined,
} from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { Dropdown, type MenuProps } from 'antd'
import { useTranslation } from 'react-i18next'
import { useSession, useSignOut } from '@/api/session'
import { useSignInOffers } from '@/api/signIn'
import { useWorkspaces } from '@/api/workspaces'
import { languages } from '@/locales'
import { useAppearance } from '../appearance'
import css from './shell.module.css'

interface Props {
  open: boolean
  onClose(): void
  onShortcuts(): void
  onNavigate?: () => void
}

/** The workspace one is in, where there may be another to go to. */
function useSwitchable() {
  const { workspace, server_administrator: server = false } = useSession().data ?? {}
  const all = useWorkspaces({ enabled: server })
  const offers = useSignInOffers(null)
  if (!workspace || offers.data?.fixed) return undefined
  const several = (all.data?.length ?? 0) > 1 || (offers.data?.workspaces?.length ?? 0) > 0
  return !workspace.home || several ? workspace : undefined
}

/** Hangs on an empty anchor above the button, so that the button keeps its place in the document and the focus. */
export default function AccountDropdown({ open, onClose, onShortcuts, onNavigate }: Props) {
  const { t } = useTranslation()
  const { choice, choose, language, speak } = useAppearance()
  const navigate = useNavigate()
  const signOut = useSignOut()

  const workspace = useSwitchable()

  const tick = (on: boolean) => (on ? <CheckOutlined aria-hidden /> : <span className={css.noTick} />)
  const items: MenuProps['items'] = [
    ...(workspace
      ? [
          {
            type: 'group' as const,
            label: workspace.title || workspace.name,
            children: [{ key: 'switch', icon: <SwapOutlined aria-hidden />, label: t('nav.switch') }],
          },
          { type: 'divider' as const },
        ]
      : []),
    { key: 'account', icon: <UserOutlined aria-hidden />, label: t('nav.account') },
    { key: 'shortcuts', icon: <MacCommandOutlined aria-hidden />, label: t('account.shortcuts') },
    { type: 'divider' },
    {
      type: 'group',
      label: t('theme.label'),
      children: (['light', 'dark', 'system'] as const).map((c) => ({
        key: `theme:${c}`,
        icon: tick(choice === c),
        label: t(`theme.${c}`),
      })),
    },
    {
      type: 'group',
      label: t('language.label'),
      children: languages.map((l) => ({
        key: `language:${l}`,
        icon: tick(language === l),
        label: t(`language.${l}`),
      })),
    },
    { type: 'divider' },
    { key: 'signOut', icon: <LogoutOutlined aria-hidden />, label: t('nav.signOut') },
  ]

  const onClick: MenuProps['onClick'] = ({ key }) => {
    onClose()
    const [what, which] = key.split(':')
    if (what === 'theme') choose(which as typeof choice)
    else if (what === 'language') speak(which as typeof language)
    else if (key === 'shortcuts') onShortcuts()
    else if (key === 'account') {
      onNavigate?.()
      void navigate({ to: '/account' })
    } else if (key === 'switch') {
      onNavigate?.()
      void navigate({ to: '/sign-in', search: { switch: true } })
    } else if (key === 'signOut') {
      signOut.mutate(undefined, { onSettled: () => void navigate({ to: '/sign-in', search: {} }) })
    }
  }

  return (
    <Dropdown
      open={open}
      onOpenChange={(o) => !o && onClose()}
      menu={{ items, onClick }}
      trigger={['click']}
      placement="topLeft"
      autoFocus
      styles={{ root: { minWidth: 200 } }}
    >
      <span className={css.anchor} />
    </Dropdown>
  )
}
