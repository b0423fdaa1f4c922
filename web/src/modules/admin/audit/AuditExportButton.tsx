import { useTranslation } from 'react-i18next'
import { type AuditFilter, useAuditExport } from '@/api/audit'
import { ExportPopover } from '@/records/parts/ExportPopover'
import css from './audit.module.css'

/** What the audit shows as a table, a row for every field; made in the background and noted in the access log. */
export function AuditExportButton({ filter }: { filter: AuditFilter }) {
  const { t } = useTranslation('admin')
  const start = useAuditExport()
  return (
    <ExportPopover start={start} onStart={(format) => start.mutate({ format, filter })}>
      <span className={css.hint}>{t('audit.exportText')}</span>
    </ExportPopover>
  )
}
