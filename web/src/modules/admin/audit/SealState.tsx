import { LockOutlined } from '@ant-design/icons'
import { Alert, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { useSeal } from '@/api/audit'
import { formatNumber } from '@/ui/number'
import { RelativeTime } from '@/ui/values'
import css from './audit.module.css'

const known = ['no_key', 'wrong_key', 'published_head_differs'] as const

/** How far the log is sealed; loud where it is not as it should be. */
export function SealState() {
  const { t } = useTranslation('admin')
  const { data } = useSeal()
  if (!data) return null
  const problem = known.find((code) => code === data.problem)
  if (problem) {
    return <Alert type="error" showIcon className={css.alert} title={t(`audit.seal.${problem}`)} />
  }
  if (!data.seal) return null
  const { number, rows, at, hash } = data.seal
  return (
    <p className={css.seal}>
      <LockOutlined aria-hidden />
      <Tooltip title={t('audit.seal.head', { number, hash })}>
        <span>{t('audit.seal.upTo', { count: rows, shown: formatNumber(rows) })}</span>
      </Tooltip>
      <RelativeTime value={at} />
    </p>
  )
}
