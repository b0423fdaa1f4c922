import { DatePicker } from 'antd'
import { useTranslation } from 'react-i18next'
import { fromWallClock, now, wallClock } from '@/ui/time'
import { Dash, RelativeTime } from '@/ui/values'
import { MOMENTS } from '../shared/dateFormats'
import { filterOf } from '../shared/filterOf'
import { useTypedDate } from '../shared/useTypedDate'
import { asText, emptyValue } from '../shared/values'
import type { EditProps, FieldKind, ShowProps } from '../types'

function Show({ value, compact }: ShowProps) {
  return emptyValue(value) ? <Dash /> : <RelativeTime value={asText(value)} toTheHour={!compact} />
}

/** Shown and picked on the workspace's wall clock, kept as an instant. */
function Edit({ value, onChange, autoFocus, disabled, id, status, onCommit, onCancel }: EditProps) {
  const { t } = useTranslation('fields')
  const typed = useTypedDate({ formats: MOMENTS, fromInstant: (at) => at, onChange, onCommit, onCancel })
  const base = now().second(0)
  const at = (days: number, hour: number) => base.startOf('day').add(days, 'day').hour(hour)
  // Monday of next week whatever day a week begins with in this language.
  const monday = (8 - base.day()) % 7 || 7
  return (
    <DatePicker
      id={id}
      showTime={{ format: 'HH:mm', minuteStep: 5 }}
      format={MOMENTS}
      value={emptyValue(value) ? null : wallClock(asText(value))}
      onChange={(d) => {
        onChange(d ? fromWallClock(d.second(0)) : null)
        onCommit?.()
      }}
      {...typed}
      presets={[
        { label: t('date.inAnHour'), value: base.add(1, 'hour').minute(0) },
        { label: t('date.tomorrowMorning'), value: at(1, 9) },
        { label: t('date.nextMonday'), value: at(monday, 9) },
        { label: t('date.inAWeek'), value: at(7, base.hour()) },
      ]}
      autoFocus={autoFocus}
      defaultOpen={autoFocus && onCommit !== undefined}
      disabled={disabled}
      status={status}
      style={{ width: '100%', minWidth: 168 }}
    />
  )
}

export const datetime: FieldKind = {
  Show,
  Edit,
  Filter: filterOf({ one: Edit }),
  width: 144,
  isEmpty: emptyValue,
  toText: (v) => (emptyValue(v) ? '' : wallClock(asText(v)).format('YYYY-MM-DD HH:mm')),
}
