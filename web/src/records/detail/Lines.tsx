import { DeleteOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { can, useRemove } from '@/api/hooks'
import type { AggregateRow, FieldDef, ObjectDef, RecordData } from '@/api/types'
import { RecordLink } from '@/ui/RecordLink'
import { useLabel } from '@/ui/useLabel'
import { InlineEdit } from '../parts/InlineEdit'
import { alignsRight } from '../parts/kind'
import { Sum } from '../parts/Sum'
import { useValueText } from '../parts/useFields'
import s from './detail.module.css'

interface Props {
  target: ObjectDef
  columns: FieldDef[]
  rows: RecordData[]
  /** What the lines come to, where one of their fields is computed. */
  summed: FieldDef | undefined
  sum: AggregateRow | undefined
}

/** The lines of a record, changed in their cells. */
export function Lines({ target, columns, rows, summed, sum }: Props) {
  const { t } = useTranslation('sales')
  const label = useLabel()
  const text = useValueText()
  const { t: records } = useTranslation('records')
  const remove = useRemove(target.name)
  const mayRemove = (row: RecordData) => can(target, 'delete') && (row._can?.includes('delete') ?? true)
  const removable = rows.some(mayRemove)
  const total = summed && sum?.[`sum_${summed.name}`]
  return (
    <div className={s.relatedScroll}>
      <table className={s.related}>
        <thead>
          <tr>
            {columns.map((f) => (
              <th key={f.name} scope="col" className={alignsRight(f) ? s.right : undefined}>
                {label(f.label)}
              </th>
            ))}
            {removable && <th aria-hidden />}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const name = String(row[target.title] ?? '') || records('list.untitled')
            return (
              <tr key={row.id}>
                {columns.map((f) => (
                  <td key={f.name} className={`${s.line} ${alignsRight(f) ? s.right : ''}`}>
                    {f.name === target.title ? (
                      <RecordLink object={target.name} id={row.id} className={s.rowLink}>
                        {text(f, row[f.name]) || name}
                      </RecordLink>
                    ) : (
                      <InlineEdit object={target} field={f} record={row} />
                    )}
                  </td>
                ))}
                {removable && (
                  <td className={s.lineEnd}>
                    {mayRemove(row) && (
                      <Button
                        type="text"
                        size="small"
                        icon={<DeleteOutlined aria-hidden />}
                        aria-label={t('lines.remove', { name })}
                        onClick={() => remove.mutate({ id: row.id, title: name })}
                      />
                    )}
                  </td>
                )}
              </tr>
            )
          })}
        </tbody>
        {summed && total != null && (
          <tfoot>
            <tr>
              {columns.map((f, i) => (
                <td key={f.name} className={alignsRight(f) ? s.right : undefined}>
                  {i === 0 ? t('lines.sum') : f.name === summed.name && <Sum field={f} value={total} />}
                </td>
              ))}
              {removable && <td />}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  )
}
