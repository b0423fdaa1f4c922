import { LockOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { usePools } from '@/api/pools'
import type { RecordData } from '@/api/types'
import { asRef } from '@/fields/shared/values'
import { Dash } from '@/ui/values'
import s from './pool.module.css'

/** Nothing stands there: because there is nothing, or because the pool in which the record lies hides it until it is claimed. */
export function Veiled({ record, field }: { record: RecordData; field: string }) {
  const { t } = useTranslation('pools')
  const pool = asRef(record.pool)
  const hidden = usePools().data?.find((p) => p.id === pool?.id)?.hidden_fields
  if (!hidden?.includes(field)) return <Dash />
  return (
    <span className={s.sub}>
      <LockOutlined aria-hidden /> {t('hidden.here')}
    </span>
  )
}
