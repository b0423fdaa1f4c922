import { DownloadOutlined } from '@ant-design/icons'
import { Button, Popover, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type AuditFilter, useAuditExport } from '@/api/audit'
import { ExportState, useExportState } from '@/records/parts/ExportState'
import { problemText } from '@/ui/states'
import css from './audit.module.css'

/** What the audit shows as a table, a row for every field; made in the background and noted in the access log. */
export function AuditExportButton({ filter }: { filter: AuditFilter }) {
  const { t } = useTranslation('records')
  const { t: words } = useTranslation('admin')
  const [format, setFormat] = useState<'xlsx' | 'csv'>('xlsx')
  const start = useAuditExport()
  const { info, running, refresh } = useExportState(start.data)
  const content = (
    <div className={css.exportBox}>
      {!info || info.state === 'cancelled' || info.state === 'failed' ? (
        <>
          <Radio.Group
            value={format}
            onChange={(e) => setFormat(e.target.value)}
            options={[
              { value: 'xlsx', label: 'Excel (.xlsx)' },
              { value: 'csv', label: 'CSV' },
            ]}
          />
          <span className={css.hint}>{words('audit.exportText')}</span>
          {start.isError && <span role="alert">{problemText(start.error) || t('export.failed')}</span>}
          {info?.state === 'failed' && <span role="alert">{info.message ?? t('export.failed')}</span>}
          <Button type="primary" loading={start.isPending} onClick={() => start.mutate({ format, filter })}>
            {t('export.start')}
          </Button>
        </>
      ) : (
        <ExportState info={info} onRefresh={refresh} onAgain={() => start.reset()} />
      )}
    </div>
  )
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      arrow={false}
      content={content}
      title={t('export.title')}
    >
      <Button icon={<DownloadOutlined aria-hidden />} loading={running || start.isPending}>
        {info?.state === 'done' ? t('export.ready') : t('export.button')}
      </Button>
    </Popover>
  )
}
