import { DatePicker, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { wallClock } from '@/ui/time'
import { endOf, endOfDay, isBeforeToday, lastDayText, type Span, spans } from './expiry'
import s from './team.module.css'

type Choice = Span | 'forever' | 'custom' | 'set'

interface Props {
  value: string | null
  onChange(end: string | null): void
  /** It has passed: what is chosen renews it. */
  expired?: boolean
  /** Said to those who hear the page. */
  label: string
  quiet?: boolean
  disabled?: boolean
}

/** Until when: the usual spans with their last day, any day, or for good. */
export function ExpirySelect({ value, onChange, expired, label, quiet, disabled }: Props) {
  const { t } = useTranslation('records')
  const [picking, setPicking] = useState(false)
  if (picking) {
    return (
      <DatePicker
        autoFocus
        defaultOpen
        className={s.expiry}
        aria-label={label}
        value={value && !expired ? wallClock(value) : null}
        disabledDate={(d) => isBeforeToday(d)}
        onChange={(d) => {
          setPicking(false)
          if (d) onChange(endOfDay(d))
        }}
        onBlur={() => setPicking(false)}
        onKeyDown={(e) => {
          if (e.key !== 'Escape') return
          e.stopPropagation()
          setPicking(false)
        }}
        allowClear={false}
      />
    )
  }
  const now: Choice | undefined = expired ? undefined : value === null ? 'forever' : 'set'
  return (
    <Select<Choice>
      className={`${s.expiry} ${quiet ? s.quietSelect : ''}`}
      variant={quiet ? 'borderless' : undefined}
      size={quiet ? 'small' : 'middle'}
      popupMatchSelectWidth={false}
      disabled={disabled}
      aria-label={label}
      value={now}
      placeholder={t('team.renew')}
      labelRender={() => (value === null ? t('team.forever') : t('team.until', { day: lastDayText(value) }))}
      options={[
        { value: 'forever' as const, label: t('team.forever') },
        ...spans.map((span) => ({
          value: span,
          label: (
            <span className={s.span}>
              {t(`team.span.${span}`)}
              <span className={s.spanDay}>{t('team.until', { day: lastDayText(endOf(span)) })}</span>
            </span>
          ),
        })),
        { value: 'custom' as const, label: t('team.custom') },
      ]}
      onChange={(choice) => {
        if (choice === 'custom') setPicking(true)
        else if (choice === 'forever') onChange(null)
        else if (choice !== 'set') onChange(endOf(choice))
      }}
    />
  )
}
