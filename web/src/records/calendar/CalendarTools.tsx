import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Button, Segmented, Select } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import type { ObjectDef } from '@/api/types'
import { today } from '@/ui/time'
import { useLabel } from '@/ui/useLabel'
import type { ListState } from '../data/useListState'
import { step } from '../model/calendar'
import { dateFields } from '../model/viewFields'
import type { CalendarSpan } from '../model/viewState'

/** Which days, which span, by which date. */
export function CalendarTools({ object, state }: { object: ObjectDef; state: ListState }) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const { on, span, fields, field } = calendarOf(object, state)
  const title = dayjs(on).format(span === 'day' ? t('calendar.dayFormat') : t('period.monthFormat'))
  return (
    <>
      <Button size="small" onClick={() => state.set({ on: undefined })} disabled={on === today()}>
        {t('calendar.today')}
      </Button>
      <Button
        size="small"
        type="text"
        icon={<LeftOutlined aria-hidden />}
        aria-label={t('calendar.previous')}
        onClick={() => state.set({ on: step(on, span, -1) })}
      />
      <strong aria-live="polite">{title}</strong>
      <Button
        size="small"
        type="text"
        icon={<RightOutlined aria-hidden />}
        aria-label={t('calendar.next')}
        onClick={() => state.set({ on: step(on, span, 1) })}
      />
      <Segmented
        size="small"
        value={span}
        aria-label={t('calendar.span')}
        options={(['month', 'week', 'day'] as const).map((value) => ({
          value,
          label: t(`calendar.${value}`),
        }))}
        onChange={(value) => state.set({ span: value as CalendarSpan })}
      />
      {fields.length > 1 && (
        <Select
          size="small"
          variant="filled"
          value={field?.name}
          aria-label={t('calendar.by')}
          popupMatchSelectWidth={false}
          options={fields.map((f) => ({ value: f.name, label: label(f.label) }))}
          onChange={(by) => state.set({ by })}
        />
      )}
    </>
  )
}

export function calendarOf(object: ObjectDef, state: ListState) {
  const fields = dateFields(object)
  return {
    fields,
    field: fields.find((f) => f.name === state.search.by) ?? fields[0],
    on: state.search.on ?? today(),
    span: state.search.span ?? 'month',
  }
}
