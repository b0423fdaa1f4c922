import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { useCatalogue, useObject } from '@/api/catalogue'
import { type Measure, measures } from '@/api/targets'
import { formatMoney, formatNumber } from '@/ui/number'
import { useLabel } from '@/ui/useLabel'
import { Dash, Money, Numeric } from '@/ui/values'
import { firstDay, kindOfPeriod, type Period } from './period'

/** 2026 年第四季度 · Q4 2026 */
export function usePeriodWord(): (period: Period) => string {
  const { t } = useTranslation('targets')
  return (period) => {
    const kind = kindOfPeriod(period)
    if (kind === 'quarter') {
      const quarter = Math.ceil((period.months[0] ?? 1) / 3)
      return t('period.quarterOf', { year: String(period.year), quarter })
    }
    return dayjs(firstDay(period)).format(t(kind === 'year' ? 'format.year' : 'format.month'))
  }
}

/** 1月 · Jan */
export function useMonthWord(): (month: number) => string {
  const { t } = useTranslation('targets')
  return (month) => dayjs(`2026-${String(month).padStart(2, '0')}-01`).format(t('format.shortMonth'))
}

/** The measures that the catalogue has, as it calls them. */
export function useMeasures(): { value: Measure; label: string }[] {
  const label = useLabel()
  const options = useObject('target')?.fields.measure?.options ?? []
  return measures.map((value) => ({
    value,
    label: label(options.find((o) => o.value === value)?.label, value),
  }))
}

export const isMoney = (measure: Measure) => measure === 'won_amount'

/** A figure of a measure: money for amounts, a plain number else. */
export function Amount({
  value,
  measure = 'won_amount',
  compact,
}: {
  value: string | null | undefined
  measure?: Measure
  compact?: boolean
}) {
  if (value === null || value === undefined) return <Dash />
  if (isMoney(measure)) return <Money value={value} compact={compact} />
  return <Numeric>{formatNumber(value)}</Numeric>
}

/** The same for sentences and hovers. */
export function useAmountText(): (
  value: string | null | undefined,
  measure?: Measure,
  compact?: boolean,
) => string {
  const { workspace } = useCatalogue()
  return (value, measure = 'won_amount', compact = false) =>
    value === null || value === undefined
      ? '—'
      : isMoney(measure)
        ? formatMoney(value, workspace.currency, compact)
        : formatNumber(value)
}
