import { DatePicker, Input, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { wallClock } from '@/ui/time'
import { CHOICES, isChoice, readRule, writeRule } from './repeat'
import css from './repeat.module.css'
import { useRepeatWords } from './useRepeatWords'

interface Props {
  id?: string
  /** A rule of RFC 5545. */
  value: string | null
  starts: string
  onChange(rule: string | null): void
}

const OWN = 'own'

/** How something repeats: by a choice, or by a rule of one's own; and until when. */
export function RepeatEdit({ id, value, starts, onChange }: Props) {
  const { t } = useTranslation('schedule')
  const rule = value ? readRule(value) : undefined
  const [own, setOwn] = useState(rule !== undefined && !isChoice(rule.base))
  const words = useRepeatWords(starts)
  return (
    <div className={css.repeat}>
      <Select
        id={id}
        value={own ? OWN : (rule?.base ?? '')}
        popupMatchSelectWidth={false}
        options={[
          { value: '', label: t('repeat.never') },
          ...CHOICES.map((choice) => ({ value: choice as string, label: words(choice) })),
          { value: OWN, label: t('repeat.own') },
        ]}
        onChange={(base) => {
          setOwn(base === OWN)
          if (base === OWN) onChange(value ?? 'FREQ=WEEKLY')
          else onChange(base === '' ? null : writeRule({ ...rule, base }))
        }}
      />
      {own && (
        <Input
          value={value ?? ''}
          maxLength={300}
          aria-label={t('repeat.rule')}
          placeholder="FREQ=WEEKLY;BYDAY=MO,TH"
          onChange={(e) => onChange(e.target.value || null)}
        />
      )}
      {rule && !own && (
        <DatePicker
          aria-label={t('repeat.until')}
          placeholder={t('repeat.until')}
          value={rule.until ? dayjs(rule.until) : null}
          minDate={wallClock(starts)}
          onChange={(d) => onChange(writeRule({ base: rule.base, until: d?.format('YYYY-MM-DD') }))}
        />
      )}
    </div>
  )
}
