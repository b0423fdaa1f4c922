import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { today, wallClock } from '@/ui/time'
import { Dash, RelativeTime } from '@/ui/values'
import { DATES } from '../shared/dateFormats'
import { filterOf } from '../shared/filterOf'
import { useTypedDate } from '../shared/useTypedDate'
import { asText, emptyValue } from '../shared/values'
import type { EditProps, FieldKind, ShowProps } from '../types'

function Show({ value }: ShowProps) {
  return emptyValue(value) ? <Dash /> : <RelativeTime value={asText(value)} />
}

function Edit({ value, onChange, autoFocus, disabled, id, status, onCommit, onCancel }: EditProps) {
  const { t } = useTranslation('fields')
  const typed = useTypedDate({
    formats: DATES,
    fromInstant: (at) => wallClock(at).format('YYYY-MM-DD'),
    onChange,
    onCommit,
    onCancel,
  })
  const base = dayjs(today())
  return (
    <DatePicker
      id={id}
      format={DATES}
      value={emptyValue(value) ? null : dayjs(asText(value))}
      onChange={(d) => {
        onChange(d ? d.format('YYYY-MM-DD') : null)
        onCommit?.()
      }}
      {...typed}
      presets={[
        { label: t('date.today'), value: base },
        { label: t('date.tomorrow'), value: base.add(1, 'day') },
        {
          label: t('date.nextWeek'),
          value: base
            .add(1, 'week')
            .startOf('week')
            .add(base.startOf('week').day() === 0 ? 1 : 0, 'day'),
        },
        { label: t('date.monthEnd'), value: base.endOf('month') },
      ]}
      autoFocus={autoFocus}
      defaultOpen={autoFocus && onCommit !== undefined}
      disabled={disabled}
      status={status}
      style={{ width: '100%', minWidth: 128 }}
    />
  )
}

export const date: FieldKind = {
  Show,
  Edit,
  Filter: filterOf({ one: Edit }),
  width: 144,
  isEmpty: emptyValue,
  toText: asText,
}
