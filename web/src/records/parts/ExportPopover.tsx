import { DownloadOutlined } from '@ant-design/icons'
import { Button, type ButtonProps, Popover, Radio } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiError } from '@/api/client'
import type { ExportInfo } from '@/api/exports'
import { problemText } from '@/ui/states'
import { ExportState, useExportState } from './ExportState'
import s from './parts.module.css'

export type ExportFormat = 'xlsx' | 'csv'

interface Props {
  /** The request that starts it. */
  start: { data?: ExportInfo; error: ApiError | null; isPending: boolean; reset(): void }
  onStart(format: ExportFormat): void
  /** Known count, for the progress bar. */
  total?: number
  /** How the button that opens it looks. */
  button?: Pick<ButtonProps, 'size' | 'type'>
  /** Below the format: what else can be chosen, and what will be in the file. */
  children: ReactNode
}

/** Asks for an export, then shows how far it is. The work goes on in the background; it can be cancelled. */
export function ExportPopover({ start, onStart, total, button, children }: Props) {
  const { t } = useTranslation('records')
  const [format, setFormat] = useState<ExportFormat>('xlsx')
  const { info, running, refresh } = useExportState(start.data)
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
          {children}
          {start.error && <span role="alert">{problemText(start.error) || t('export.failed')}</span>}
          {info?.state === 'failed' && <span role="alert">{info.message ?? t('export.failed')}</span>}
          <Button type="primary" loading={start.isPending} onClick={() => onStart(format)}>
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
      <Button {...button} icon={<DownloadOutlined aria-hidden />} loading={running || start.isPending}>
        {info?.state === 'done' ? t('export.ready') : t('export.button')}
      </Button>
    </Popover>
  )
}
