import { useTranslation } from 'react-i18next'
import type { FieldDef, ObjectDef, RecordData } from '@/api/types'
import { useLabel } from '@/ui/useLabel'
import { FieldValue } from '../../parts/FieldValue'
import s from './lines.module.css'

const SUMS = ['amount', 'net', 'tax', 'difference', 'total']

/** What the document comes to, as the document itself says. */
export function DocumentSums({ object, record }: { object: ObjectDef; record: RecordData }) {
  const { t } = useTranslation('trade')
  const label = useLabel()
  const shown = SUMS.map((n) => object.fields[n]).filter(
    (f): f is FieldDef =>
      f !== undefined &&
      f.type === 'money' &&
      f.readable !== false &&
      // A difference of nothing is none.
      (f.name !== 'difference' || Number(record[f.name] ?? 0) !== 0),
  )
  if (shown.length === 0) return null
  return (
    <dl className={s.sums} aria-label={t('lines.sums')}>
      {shown.map((f) => (
        <div key={f.name} className={f.name === 'total' ? s.total : s.sum}>
          <dt>{f.name === 'amount' ? t('lines.amount') : label(f.label)}</dt>
          <dd data-sum={f.name}>
            <FieldValue object={object} field={f} value={record[f.name]} record={record} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
