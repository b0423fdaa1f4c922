import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { type AuditFilter, useAudit } from '@/api/audit'
import { useCatalogue, useMay } from '@/api/catalogue'
import { Page } from '@/ui/Page'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, NoPermission, NothingFound } from '@/ui/states'
import { AuditExportButton } from './AuditExportButton'
import { AuditFilters } from './AuditFilters'
import { AuditTable } from './AuditTable'
import css from './audit.module.css'
import { SealState } from './SealState'

/** Every change of every record: who, what, when and from where. */
export function AuditPage() {
  const { t } = useTranslation('admin')
  const { objects } = useCatalogue()
  const admin = useMay('administer')
  const navigate = useNavigate()
  const filter = useSearch({ strict: false }) as AuditFilter
  const audit = useAudit(filter)
  const show = (next: AuditFilter) => void navigate({ to: '/admin/audit', search: next, replace: true })

  if (!admin) {
    return (
      <Page title={t('audit.title')}>
        <NoPermission />
      </Page>
    )
  }
  const entries = audit.data?.pages.flatMap((p) => p.items) ?? []
  const filtered = Object.values(filter).some((v) => v !== undefined)
  // The server stopped on the way through a long log without finding anything yet.
  const unfinished = entries.length === 0 && audit.hasNextPage
  return (
    <Page
      title={t('audit.title')}
      text={
        objects.access_event && (
          <Link to="/o/$object" params={{ object: 'access_event' }} search={{}}>
            {t('audit.accessLog')}
          </Link>
        )
      }
      actions={<AuditExportButton filter={filter} />}
    >
      <SealState />
      <AuditFilters filter={filter} onChange={show} />
      {audit.isError ? (
        <ErrorState error={audit.error} onRetry={() => void audit.refetch()} />
      ) : audit.isPending ? (
        <ListSkeleton rows={10} />
      ) : (
        <>
          {entries.length > 0 ? (
            <AuditTable entries={entries} />
          ) : unfinished ? (
            <EmptyState compact title={t('audit.unfinished')} />
          ) : filtered ? (
            <NothingFound actions={<Button onClick={() => show({})}>{t('clearFilter')}</Button>} />
          ) : (
            <EmptyState title={t('audit.none')} />
          )}
          {audit.hasNextPage && (
            <div className={css.more}>
              <Button loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
                {t(unfinished ? 'audit.goOn' : 'more')}
              </Button>
            </div>
          )}
        </>
      )}
    </Page>
  )
}
