import { useTranslation } from 'react-i18next'
import type { FieldDef } from '@/api/types'
import { formatNumber } from '@/ui/number'
import { summable } from '../model/columns'
import { alignsRight } from '../parts/kind'
import { Sum } from '../parts/Sum'
import s from './table.module.css'

interface Props {
  columns: FieldDef[]
  template: string
  totals: Record<string, unknown>
  label: string
}

/** Counts and sums over everything the list could show, not only what is loaded. */
export function TotalsRow({ columns, template, totals, label }: Props) {
  const { t } = useTranslation('records')
  return (
    <div className={s.foot} style={{ gridTemplateColumns: template }} role="row">
      <span className={s.headCheck} role="gridcell" />
      {columns.map((field, i) => (
        <span
          key={field.name}
          role="gridcell"
          className={`${s.footCell} ${i === 0 ? s.title : ''} ${alignsRight(field) ? s.right : ''}`}
        >
          {i === 0 ? (
            <>
              {label} ·{' '}
              {t('list.count', { count: Number(totals.count ?? 0), shown: formatNumber(totals.count ?? 0) })}
            </>
          ) : (
            summable(field) &&
            totals[`sum_${field.name}`] != null && <Sum field={field} value={totals[`sum_${field.name}`]} />
          )}
        </span>
      ))}
    </div>
  )
}
