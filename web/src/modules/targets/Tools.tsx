import { Segmented, Select } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalogue'
import type { Measure } from '@/api/targets'
import type { Ref } from '@/api/types'
import { asRef } from '@/fields'
import { kindOf } from '@/fields/registry'
import page from '@/ui/page.module.css'
import { PeriodPicker } from './PeriodPicker'
import type { Period } from './period'
import css from './targets.module.css'
import { useMeasures } from './words'

export interface Choice {
  period: Period
  measure: Measure
  product?: string
  mine: boolean
}

/** Only these are taken product by product. */
export const byProduct = (measure: Measure) => measure === 'won_amount' || measure === 'sold_quantity'

interface ProductProps {
  product: Ref | undefined
  onChange(product: string | undefined): void
}

/** One product of all, or none of them in particular. */
export function ProductPick({ product, onChange }: ProductProps) {
  const { t } = useTranslation('targets')
  const field = useObject('target')?.fields.product
  const id = useId()
  if (!field) return null
  const { Edit } = kindOf(field)
  return (
    <span className={css.product}>
      <label htmlFor={id} className={css.productLabel}>
        {t('product')}
      </label>
      <Edit id={id} field={field} value={product ?? null} onChange={(value) => onChange(asRef(value)?.id)} />
    </span>
  )
}

interface Props {
  choice: Choice
  product: Ref | undefined
  onChange(change: Partial<Choice>): void
}

export function Tools({ choice, product, onChange }: Props) {
  const { t } = useTranslation('targets')
  const { period, measure, mine } = choice
  return (
    <div className={page.tools}>
      <PeriodPicker period={period} onChange={(next) => onChange({ period: next })} />
      <Select<Measure>
        aria-label={t('measure')}
        value={measure}
        options={useMeasures()}
        popupMatchSelectWidth={false}
        onChange={(value) =>
          onChange({ measure: value, product: byProduct(value) ? choice.product : undefined })
        }
      />
      {byProduct(measure) && (
        <ProductPick product={product} onChange={(value) => onChange({ product: value })} />
      )}
      <Segmented<'all' | 'mine'>
        aria-label={t('whose')}
        value={mine ? 'mine' : 'all'}
        options={[
          { value: 'all', label: t('all') },
          { value: 'mine', label: t('onlyMine') },
        ]}
        onChange={(value) => onChange({ mine: value === 'mine' })}
      />
    </div>
  )
}
