import {
  CloudOutlined,
  ExclamationCircleOutlined,
  InboxOutlined,
  LockOutlined,
  SearchOutlined,
} from '@ant-design/icons'
import { Button } from 'antd'
import i18n from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { isApiError } from '@/api/client'
import css from './ui.module.css'

interface StateProps {
  icon?: ReactNode
  title: ReactNode
  /** It is what the whole page is about: its title is the page's heading. */
  page?: boolean
  text?: ReactNode
  /** The next step; there always should be one if the viewer can take it. */
  actions?: ReactNode
  compact?: boolean
  role?: 'alert' | 'status'
}

function State({ icon, title, page, text, actions, compact, role }: StateProps) {
  const Title = page ? 'h1' : 'p'
  return (
    <div className={`${css.state} ${compact ? css.compactState : ''}`} role={role}>
      {icon && !compact && <div className={css.stateIcon}>{icon}</div>}
      <Title className={css.stateTitle}>{title}</Title>
      {text && <p className={css.stateText}>{text}</p>}
      {actions && <div className={css.stateActions}>{actions}</div>}
    </div>
  )
}

export function EmptyState(props: Omit<StateProps, 'role'>) {
  return <State icon={<InboxOutlined aria-hidden />} role="status" {...props} />
}

/** Nothing matches what was searched or filtered; the records may well exist. */
export function NothingFound(props: Partial<Omit<StateProps, 'role'>>) {
  const { t } = useTranslation()
  return (
    <State
      icon={<SearchOutlined aria-hidden />}
      role="status"
      title={t('state.nothingFound')}
      text={t('state.nothingFoundText')}
      {...props}
    />
  )
}

export function NoPermission(props: Partial<Omit<StateProps, 'role'>>) {
  const { t } = useTranslation()
  return (
    <State
      icon={<LockOutlined aria-hidden />}
      role="alert"
      title={t('state.noPermission')}
      text={t('state.noPermissionText')}
      {...props}
    />
  )
}

/** Any failure of a call, in words for the person in front of it, with what he can do. */
export function ErrorState({
  error,
  onRetry,
  compact,
  actions,
}: {
  error: unknown
  onRetry?: () => void
  compact?: boolean
  actions?: ReactNode
}) {
  const { t } = useTranslation()
  const retry = onRetry && <Button onClick={onRetry}>{t('action.retry')}</Button>
  const both = (
    <>
      {retry}
      {actions}
    </>
  )
  if (isApiError(error, 'offline')) {
    return (
      <State
        icon={<CloudOutlined aria-hidden />}
        role="alert"
        compact={compact}
        title={t('state.offline')}
        text={t('state.offlineText')}
        actions={both}
      />
    )
  }
  if (isApiError(error) && error.status === 403) return <NoPermission compact={compact} actions={actions} />
  if (isApiError(error) && error.status === 404) {
    return (
      <State
        icon={<SearchOutlined aria-hidden />}
        role="alert"
        compact={compact}
        title={t('state.notFound')}
        text={t('state.notFoundText')}
        actions={actions}
      />
    )
  }
  return (
    <State
      icon={<ExclamationCircleOutlined aria-hidden />}
      role="alert"
      compact={compact}
      title={t('state.failed')}
      text={problemText(error) || t('state.failedText')}
      actions={both}
    />
  )
}

/** The server's own sentence if it has one; it is written for the reader and in his language. */
export function problemText(error: unknown): string {
  if (!isApiError(error)) return ''
  const { detail, title, errors } = error.problem
  if (error.code === 'offline') return i18n.getFixedT(null, 'app')('state.offlineNote')
  if (error.code === 'unexpected') return ''
  return detail || errors?.[0]?.message || title
}
