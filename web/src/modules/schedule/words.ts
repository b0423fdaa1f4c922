import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import type { Entry } from '@/api/schedule'
import { wallClock } from '@/ui/time'
import { useLabel } from '@/ui/useLabel'
import { reach } from './model'

/** How entries are said: their title, and when they are. */
export function useEntryWords() {
  const { t } = useTranslation('schedule')
  const label = useLabel()
  const { objects } = useCatalogue()
  const day = (d: string) => dayjs(d).format(t('format.day'))
  const title = (entry: Entry): string =>
    entry.title?.trim() ||
    (entry.object === 'follow_up' && entry.customer?.title
      ? t('contact', { customer: entry.customer.title })
      : label(objects[entry.object]?.label))
  const hours = (entry: Entry): string => {
    const end = wallClock(entry.end).format('HH:mm')
    if (entry.object !== 'event') return end
    const start = wallClock(entry.start).format('HH:mm')
    return start === end ? start : `${start}–${end}`
  }
  const when = (entry: Entry): string => {
    const [first, last] = reach(entry)
    if (entry.all_day) return first === last ? `${day(first)} ${t('allDay')}` : `${day(first)} – ${day(last)}`
    if (first === last || entry.object !== 'event') return `${day(last)} ${hours(entry)}`
    const clock = (iso: string) => wallClock(iso).format('HH:mm')
    return `${day(first)} ${clock(entry.start)} – ${day(last)} ${clock(entry.end)}`
  }
  return { title, hours, when, day }
}
