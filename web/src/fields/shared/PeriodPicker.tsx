import { InputNumber, Select, Space } from 'antd'
import { useTranslation } from 'react-i18next'

export const periods = [
  'today',
  'yesterday',
  'tomorrow',
  'this_week',
  'last_week',
  'next_week',
  'this_month',
  'last_month',
  'next_month',
  'this_quarter',
  'last_quarter',
  'next_quarter',
  'this_year',
  'last_year',
  'next_year',
  'this_fiscal_quarter',
  'this_fiscal_year',
  'last_fiscal_quarter',
  'last_fiscal_year',
  'overdue',
] as const
type Period = (typeof periods)[number]

const counted = /^(last|next)_(\d+)_days$/

/** 本月, 最近 7 天, 已逾期 …: periods that move with the calendar, reckoned in the workspace's time zone by the server. */
export function PeriodPicker({ value, onChange }: { value: unknown; onChange(v: unknown): void }) {
  const { t } = useTranslation('fields')
  const match = typeof value === 'string' ? counted.exec(value) : null
  const choice = match ? `${match[1]}_n` : typeof value === 'string' ? value : undefined
  return (
    <Space.Compact block>
      <Select
        value={choice}
        aria-label={t('filter.period')}
        placeholder={t('filter.period')}
        style={{ minWidth: 120, flex: 1 }}
        onChange={(v: string) =>
          onChange(v === 'last_n' ? 'last_7_days' : v === 'next_n' ? 'next_7_days' : v)
        }
        options={[
          ...periods.map((p) => ({ value: p as string, label: t(`period.${p}`) })),
          { value: 'last_n', label: t('period.last_n') },
          { value: 'next_n', label: t('period.next_n') },
        ]}
      />
      {match && (
        <InputNumber
          min={1}
          max={3650}
          precision={0}
          value={Number(match[2])}
          suffix={t('filter.days')}
          aria-label={t('filter.days')}
          style={{ width: 104 }}
          onChange={(n) => n && onChange(`${match[1]}_${n}_days`)}
        />
      )}
    </Space.Compact>
  )
}

/** Words of a `within` value for chips and summaries. */
export function usePeriodText() {
  const { t } = useTranslation('fields')
  return (value: unknown): string => {
    const match = typeof value === 'string' ? counted.exec(value) : null
    if (match)
      return t(match[1] === 'last' ? 'period.lastDays' : 'period.nextDays', { count: Number(match[2]) })
    return periods.includes(value as Period) ? t(`period.${value as Period}`) : String(value ?? '')
  }
}
