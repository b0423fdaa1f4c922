import { BugOutlined } from '@ant-design/icons'
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/client'
import { EmptyState, ErrorState } from '@/ui/states'
import css from './app.module.css'

/** Inside the shell, so that the navigation stays within reach. */
export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <div className={css.center}>
      <EmptyState
        page
        title={t('state.notFound')}
        text={t('state.notFoundText')}
        actions={
          <Link to="/">
            <Button>{t('action.goHome')}</Button>
          </Link>
        }
      />
    </div>
  )
}

/** After a release the old page asks for script files that are gone; loading the new page is all it takes. */
const isStaleScript = (error: unknown) =>
  error instanceof Error &&
  /dynamically imported module|Unable to preload CSS|Importing a module script failed|Failed to fetch/i.test(
    error.message,
  )

const again = () => window.location.reload()

/** The script of a page cannot be fetched without a network; a browser may remember that it failed, so the page starts anew. */
function Unreached() {
  useEffect(() => {
    window.addEventListener('online', again)
    return () => window.removeEventListener('online', again)
  }, [])
  const error = new ApiError({ title: 'offline', status: 0, code: 'offline' })
  return (
    <div className={css.center}>
      <ErrorState error={error} onRetry={again} />
    </div>
  )
}

/** Inside the shell; without one it stands alone on the page. */
export function CrashPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation()
  const router = useRouter()
  if (error instanceof ApiError) {
    const retry = () => {
      reset()
      void router.invalidate()
    }
    return (
      <div className={css.center}>
        <ErrorState error={error} onRetry={retry} />
      </div>
    )
  }
  if (isStaleScript(error) && !navigator.onLine) return <Unreached />
  const reload = <Button onClick={() => window.location.reload()}>{t('action.reload')}</Button>
  return (
    <div className={css.center}>
      <EmptyState
        page
        icon={<BugOutlined aria-hidden />}
        title={t('state.crash')}
        text={
          <>
            {t('state.crashText')}
            {!isStaleScript(error) && <code className={css.detail}>{String(error)}</code>}
          </>
        }
        actions={reload}
      />
    </div>
  )
}

export function ShellCrashPage(props: ErrorComponentProps) {
  return (
    <main>
      <CrashPage {...props} />
    </main>
  )
}
