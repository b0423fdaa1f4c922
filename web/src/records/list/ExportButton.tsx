import { DownloadOutlined } from '@ant-design/icons'
import { Button, Popover, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStartExport } from '@/api/hooks'
import type { FieldDef, FilterExpr, ObjectDef } from '@/api/types'
import { formatNumber } from '@/ui/number'
import { problemText } from '@/ui/states'
import { ExportState, useExportState } from '../parts/ExportState'
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
  const { info, running, refresh } = useExportState(start.data)
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
          {info?.state === 'failed' && <span role="alert">{info.message ?? t('export.failed')}</span>}
          <Button type="primary" loading={start.isPending} onClick={go}>
            {t('export.start')}
          </Button>
        </>
      ) : (
        <ExportState info={info} total={total} onRefresh={refresh} onAgain={() => start.reset()} />
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
      <Button
        size="small"
        type="text"
        icon={<DownloadOutlined aria-hidden />}
        loading={running || start.isPending}
      >
        {info?.state === 'done' ? t('export.ready') : t('export.button')}
      </Button>
    </Popover>
  )
}
