import { RightOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { FieldDef } from '@/api/types'
import { formatNumber } from '@/ui/number'
import { useLabel } from '@/ui/useLabel'
import type { RecordGroup } from '../model/grouping'
import { FieldValue } from '../parts/FieldValue'
import { Sum } from '../parts/Sum'
import { usePeriodText } from '../parts/usePeriodText'
import s from './table.module.css'

interface Props {
  group: RecordGroup
  field: FieldDef
  sums: FieldDef[]
  open: boolean
  top: number
  line: number
  onToggle(): void
}

/** A group's heading: its value, how many, and the sums of its records. */
export function GroupRow({ group, field, sums, open, top, line, onToggle }: Props) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const period = usePeriodText()
  const dated = field.type === 'date' || field.type === 'datetime'
  return (
    <div
      className={s.group}
      style={{ transform: `translateY(${top}px)` }}
      role="row"
      aria-rowindex={line + 2}
    >
      <span role="gridcell">
        <button
          type="button"
          className={`${s.groupButton} ${open ? s.groupOpen : ''}`}
          aria-expanded={open}
          onClick={onToggle}
        >
          <RightOutlined className={s.groupMark} aria-hidden />
          {group.key === '' ? (
            t('group.none')
          ) : dated ? (
            period(group.key)
          ) : (
            <FieldValue field={field} value={group.value} compact />
          )}
          <span className={s.count}>{formatNumber(group.count)}</span>
          <span className={s.groupSums}>
            {sums.map((f) => (
              <span key={f.name}>
                {label(f.label)} <Sum field={f} value={group.sums[`sum_${f.name}`] ?? '0'} />
              </span>
            ))}
          </span>
        </button>
      </span>
    </div>
  )
}
