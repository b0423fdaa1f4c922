import { DownloadOutlined } from '@ant-design/icons'
import { Button, Progress } from 'antd'
import { useTranslation } from 'react-i18next'
import { url } from '@/api/client'
import type { ExportInfo } from '@/api/exports'
import { cancelExport, useExport } from '@/api/hooks'
import { formatNumber } from '@/ui/number'

/** An export that was started, as it stands now. */
export function useExportState(started: ExportInfo | undefined) {
  const job = useExport(started?.id)
  const info = job.data ?? started
  return { info, running: info?.state === 'running', refresh: () => void job.refetch() }
}

interface Props {
  info: ExportInfo
  /** Known count, for the progress bar. */
  total?: number
  onRefresh(): void
  onAgain(): void
}

/** How far an export is, and its file at the end. It goes on in the background, whether this is seen or not. */
export function ExportState({ info, total, onRefresh, onAgain }: Props) {
  const { t } = useTranslation('records')
  const shown = { count: info.rows, shown: formatNumber(info.rows) }
  if (info.state === 'running') {
    const percent = total ? Math.min(99, Math.floor((info.rows / total) * 100)) : 0
    return (
      <>
        <span>{t('export.running', shown)}</span>
        <Progress percent={percent} size="small" status="active" />
        <Button onClick={() => void cancelExport(info.id).then(onRefresh)}>{t('export.cancel')}</Button>
      </>
    )
  }
  if (info.state === 'waiting') {
    return (
      <>
        <span role="status">{t('export.waiting')}</span>
        <Button onClick={() => void cancelExport(info.id).then(onRefresh)}>{t('export.cancel')}</Button>
      </>
    )
  }
  if (info.state === 'rejected') {
    return (
      <>
        <span role="alert">{t('export.rejected')}</span>
        {info.message && <span>{info.message}</span>}
        <Button onClick={onAgain}>{t('export.again')}</Button>
      </>
    )
  }
  return (
    <>
      <span>{t('export.done', shown)}</span>
      <Button
        type="primary"
        icon={<DownloadOutlined aria-hidden />}
        href={url(`/exports/${info.id}/file`)}
        download={info.file_name ?? true}
      >
        {t('export.download')}
      </Button>
      <Button type="text" onClick={onAgain}>
        {t('export.again')}
      </Button>
    </>
  )
}
