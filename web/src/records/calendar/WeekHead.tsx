import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import s from './calendar.module.css'

/** Names of the week's days; with their dates where the grid is one week. */
export function WeekHead({ days, dates }: { days: string[]; dates: boolean }) {
  // Re-drawn with the language: dayjs holds the names.
  useTranslation('records')
  return (
    <div className={s.weekHead}>
      {days.map((day) => (
        <span key={day}>
          {dayjs(day).format('ddd')}
          {dates && ` ${dayjs(day).format('M/D')}`}
        </span>
      ))}
    </div>
  )
}
