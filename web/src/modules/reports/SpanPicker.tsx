import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Button, DatePicker, Segmented } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import type { ReportKind } from '@/api/work'
import page from '@/ui/page.module.css'
import { today } from '@/ui/time'
import { monday } from './span'

interface Props {
  kind: ReportKind
  day: string
  onChange(change: { kind?: ReportKind; day?: string }): void
}

/** A day or a week that has begun. */
export function SpanPicker({ kind, day, onChange }: Props) {
  const { t } = useTranslation('work')
  const weekly = kind === 'weekly'
  const step = (by: number) =>
    dayjs(day)
      .add(by, weekly ? 'week' : 'day')
      .format('YYYY-MM-DD')
  const begins = (date: string) => (weekly ? monday(date) : date)
  const ahead = begins(step(1)) > today()
  return (
    <>
      <Segmented<ReportKind>
        aria-label={t('kind.label')}
        value={kind}
        options={[
          { value: 'daily', label: t('kind.daily') },
          { value: 'weekly', label: t('kind.weekly') },
        ]}
        onChange={(next) => onChange({ kind: next })}
      />
      <span className={page.stepper}>
        <Button
          type="text"
          icon={<LeftOutlined aria-hidden />}
          aria-label={t(weekly ? 'before.weekly' : 'before.daily')}
          onClick={() => onChange({ day: step(-1) })}
        />
        <DatePicker
          aria-label={t('day')}
          picker={weekly ? 'week' : 'date'}
          value={dayjs(day)}
          format={weekly ? (d) => t('week', { first: monday(d.format('YYYY-MM-DD')) }) : 'YYYY-MM-DD'}
          allowClear={false}
          disabledDate={(d) => begins(d.format('YYYY-MM-DD')) > today()}
          onChange={(d) => d && onChange({ day: d.format('YYYY-MM-DD') })}
        />
        <Button
          type="text"
          icon={<RightOutlined aria-hidden />}
          aria-label={t(weekly ? 'after.weekly' : 'after.daily')}
          disabled={ahead}
          onClick={() => onChange({ day: step(1) })}
        />
      </span>
    </>
  )
}
