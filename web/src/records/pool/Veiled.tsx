import { LockOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { RecordData } from '@/api/types'
import { Dash } from '@/ui/values'
import s from './pool.module.css'
import { useHiddenFields } from './useHiddenFields'

/** Nothing stands there: because there is nothing, or because the pool in which the record lies hides it until it is claimed. */
export function Veiled({ record, field }: { record: RecordData; field: string }) {
  const { t } = useTranslation('pools')
  if (!useHiddenFields(record).includes(field)) return <Dash />
  return (
    <span className={s.sub}>
      <LockOutlined aria-hidden /> {t('hidden.here')}
    </span>
  )
}
