import { DeleteOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldDef, ObjectDef, RecordData } from '@/api/types'
import { formatNumber } from '@/ui/number'
import { RecordLink } from '@/ui/RecordLink'
import { InlineEdit } from '../../parts/InlineEdit'
import { alignsRight } from '../../parts/kind'
import s from './lines.module.css'

interface Props {
  target: ObjectDef
  columns: FieldDef[]
  row: RecordData
  /** How much the quantity may be at most. */
  most: string | undefined
  onRemove: ((row: RecordData) => void) | undefined
}

/** A line, changed in its cells. Drawn anew only when it has changed itself. */
export const LineRow = memo(function LineRow({ target, columns, row, most, onRemove }: Props) {
  const { t } = useTranslation('sales')
  const { t: words } = useTranslation('trade')
  const { t: records } = useTranslation('records')
  const name = String(row[target.title] ?? '') || records('list.untitled')
  return (
    <tr>
      {columns.map((f) => (
        <td key={f.name} className={alignsRight(f) ? s.right : undefined} data-column={f.name}>
          {f.name === 'line_no' ? (
            <span className={s.number}>
              <RecordLink object={target.name} id={row.id} className={s.numberLink}>
                <span className="gx-visually-hidden">{words('lines.open', { n: String(row.line_no) })}</span>
                <span aria-hidden>{String(row.line_no ?? '')}</span>
              </RecordLink>
            </span>
          ) : (
            <InlineEdit object={target} field={f} record={row} />
          )}
          {f.name === 'quantity' && most !== undefined && (
            <span className={s.most}>{words('lines.atMost', { quantity: formatNumber(most) })}</span>
          )}
        </td>
      ))}
      {onRemove && (
        <td className={s.end}>
          <Button
            type="text"
            size="small"
            icon={<DeleteOutlined aria-hidden />}
            aria-label={t('lines.remove', { name })}
            onClick={() => onRemove(row)}
          />
        </td>
      )}
    </tr>
  )
})
