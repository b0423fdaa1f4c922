import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'

export interface Tried {
  ok: boolean
  /** The other side's own words, where it said any. */
  text: string
}

/** What a trial came to; it stays until the next one, for it may have to be read out to somebody. */
export function Outcome({ tried }: { tried: Tried | undefined }) {
  const { t } = useTranslation('admin')
  if (!tried) return null
  return (
    <Alert
      type={tried.ok ? 'success' : 'error'}
      showIcon
      role={tried.ok ? 'status' : 'alert'}
      title={tried.ok ? tried.text : t('channels.testFailed')}
      description={tried.ok ? undefined : tried.text || undefined}
    />
  )
}
