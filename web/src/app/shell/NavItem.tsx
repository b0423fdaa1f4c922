import { Link, type LinkProps } from '@tanstack/react-router'
import { Tooltip } from 'antd'
import type { ReactNode } from 'react'
import css from './shell.module.css'

interface ItemProps {
  to: LinkProps['to']
  params?: Record<string, string>
  icon: ReactNode
  text: string
  collapsed?: boolean
  exact?: boolean
  onNavigate?: () => void
}

/** A line of the navigation. */
export function Item({ to, params, icon, text, collapsed, exact, onNavigate }: ItemProps) {
  const link = (
    <Link
      to={to as '/'}
      params={params as never}
      className={css.item}
      activeProps={{ className: css.active, 'aria-current': 'page' }}
      activeOptions={{ exact: exact ?? false, includeSearch: false }}
      onClick={onNavigate}
      aria-label={collapsed ? text : undefined}
    >
      <span className={css.itemIcon}>{icon}</span>
      {!collapsed && <span className={css.itemText}>{text}</span>}
    </Link>
  )
  return (
    <li>
      {collapsed ? (
        <Tooltip title={text} placement="right">
          {link}
        </Tooltip>
      ) : (
        link
      )}
    </li>
  )
}
