import { DownloadOutlined } from '@ant-design/icons'
import { Button, Popover, Progress, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { url } from '@/api/client'
import { cancelExport, useExport, useStartExport } from '@/api/hooks'
import type { FieldDef, FilterExpr, ObjectDef } from '@/api/types'
import { formatNumber } from '@/ui/number'
import { problemText } from '@/ui/states'
import s from './list.module.css'

interface Props {
  object: ObjectDef
  columns: FieldDef[]
  filter: FilterExpr | undefined
  sort: string
  /** Known count, for the progress bar. */
  total: number | undefined
}

/** Exports what the list shows, or all fields of it. The work goes on in the background; it can be cancelled. */
export function ExportButton({ object, columns, filter, sort, total }: Props) {
  const { t } = useTranslation('records')
  const [format, setFormat] = useState<'xlsx' | 'csv'>('xlsx')
  const [scope, setScope] = useState<'columns' | 'all'>('columns')
  const start = useStartExport()
  const job = useExport(start.data?.id)
  const info = job.data ?? start.data
  const running = start.isPending || info?.state === 'running' || info?.state === 'queued'
  const percent = total ? Math.min(99, Math.floor(((info?.rows ?? 0) / total) * 100)) : 0
  const go = () =>
    start.mutate({
      object: object.name,
      format,
      sort,
      filter,
      fields: scope === 'columns' ? columns.map((c) => c.name) : undefined,
    })

  const content = (
    <div className={s.exportBox}>
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
          <Radio.Group
            value={scope}
            onChange={(e) => setScope(e.target.value)}
            options={[
              { value: 'columns', label: t('export.columns') },
              { value: 'all', label: t('export.allFields') },
            ]}
          />
          <span className={s.muted}>
            {total === undefined
              ? t('export.scope')
              : t('export.scopeCount', { count: total, shown: formatNumber(total) })}
          </span>
          {start.isError && <span role="alert">{problemText(start.error) || t('export.failed')}</span>}
          {info?.state === 'failed' && <span role="alert">{t('export.failed')}</span>}
          <Button type="primary" loading={start.isPending} onClick={go}>
            {t('export.start')}
          </Button>
        </>
      ) : running ? (
        <>
          <span>{t('export.running', { count: info.rows, shown: formatNumber(info.rows) })}</span>
          <Progress percent={percent} size="small" status="active" />
          <Button onClick={() => void cancelExport(info.id).then(() => job.refetch())}>
            {t('export.cancel')}
          </Button>
        </>
      ) : (
        <>
          <span>{t('export.done', { count: info.rows, shown: formatNumber(info.rows) })}</span>
          <Button
            type="primary"
            icon={<DownloadOutlined aria-hidden />}
            href={url(`/exports/${info.id}/file`)}
            download={info.file_name ?? true}
          >
            {t('export.download')}
          </Button>
          <Button type="text" onClick={() => start.reset()}>
            {t('export.again')}
          </Button>
        </>
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
      <Button size="small" type="text" icon={<DownloadOutlined aria-hidden />} loading={running}>
        {info?.state === 'done' ? t('export.ready') : t('export.button')}
      </Button>
    </Popover>
  )
}
