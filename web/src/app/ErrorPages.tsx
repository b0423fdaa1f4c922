import { BugOutlined } from '@ant-design/icons'
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/client'
import { EmptyState, ErrorState } from '@/ui/states'
import css from './app.module.css'

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <main className={css.center}>
      <EmptyState
        title={t('state.notFound')}
        text={t('state.notFoundText')}
        actions={
          <Link to="/">
            <Button>{t('action.goHome')}</Button>
          </Link>
        }
      />
    </main>
  )
}

/** After a release the old page asks for script files that are gone; loading the new page is all it takes. */
const isStaleScript = (error: unknown) =>
  error instanceof Error &&
  /dynamically imported module|Importing a module script failed|Failed to fetch/i.test(error.message)

export function CrashPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation()
  const router = useRouter()
  if (error instanceof ApiError) {
    const retry = () => {
      reset()
      void router.invalidate()
    }
    return (
      <main className={css.center}>
        <ErrorState error={error} onRetry={retry} />
      </main>
    )
  }
  const reload = <Button onClick={() => window.location.reload()}>{t('action.reload')}</Button>
  return (
    <main className={css.center}>
      <EmptyState
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
    </main>
  )
}
