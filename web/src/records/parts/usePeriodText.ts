import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'

/** `2017-03` → 2017年3月 · Mar 2017; also years, quarters, weeks and days. */
export function usePeriodText(): (period: string) => string {
  const { t } = useTranslation('records')
  return (period) => {
    let hit = /^(\d{4})-?Q([1-4])$/i.exec(period)
    if (hit) return t('period.quarter', { year: hit[1], n: hit[2] })
    hit = /^(\d{4})-?W(\d{1,2})$/i.exec(period)
    if (hit) return t('period.week', { year: hit[1], n: Number(hit[2]) })
    if (/^\d{4}$/.test(period)) return t('period.year', { year: period })
    if (/^\d{4}-\d{2}$/.test(period)) return dayjs(`${period}-01`).format(t('period.monthFormat'))
    return dayjs(period).format(t('period.dayFormat'))
  }
}
