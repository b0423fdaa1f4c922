import dayjs, { type Dayjs } from 'dayjs'
import timezone from 'dayjs/plugin/timezone'
import utc from 'dayjs/plugin/utc'
import i18n from 'i18next'
import { currentLang } from '@/locales'

dayjs.extend(utc)
dayjs.extend(timezone)

let zone = Intl.DateTimeFormat().resolvedOptions().timeZone

/** The workspace's time zone rules, wherever the browser is: filters such as "today" are reckoned in it on the server. */
export function setTimeZone(name: string) {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    zone = name
  } catch {
    // A zone this browser does not know: its own is nearer to the truth than UTC.
  }
}
export const timeZone = () => zone

/** The wall clock of the workspace at an instant. Pickers, which know no zones, show and edit this. */
export const wallClock = (iso: string): Dayjs => dayjs(dayjs(iso).tz(zone).format('YYYY-MM-DDTHH:mm:ss'))
export const fromWallClock = (d: Dayjs): string =>
  dayjs.tz(d.format('YYYY-MM-DDTHH:mm:ss'), zone).toISOString()
export const now = (): Dayjs => wallClock(new Date().toISOString())
export const today = (): string => now().format('YYYY-MM-DD')

const isDate = (v: string) => /^\d{4}-\d{2}-\d{2}$/.test(v)

/** 2026年11月21日 · 21 Nov 2026. The year is left out in the current year. */
function day(d: Dayjs, withYear: boolean): string {
  if (currentLang() === 'zh') return d.format(withYear ? 'YYYY年M月D日' : 'M月D日')
  return d.format(withYear ? 'D MMM YYYY' : 'D MMM')
}

/** 11月19日 · 19 Nov: the day alone, with the year where it is another. */
export function shortDay(value: string): string {
  const d = isDate(value) ? dayjs(value) : wallClock(value)
  return d.isValid() ? day(d, d.year() !== now().year()) : value
}

/** 今天 14:30 · 3 天前 · 11月3日 · 3 天后 09:00. A plain date has no clock time. */
export function relativeTime(value: string, base: Dayjs = now(), toTheHour = false): string {
  const t = i18n.getFixedT(null, 'app')
  const plain = isDate(value)
  const d = plain ? dayjs(value) : wallClock(value)
  if (!d.isValid()) return value
  const days = d.startOf('day').diff(base.startOf('day'), 'day')
  const clock = plain ? '' : d.format('HH:mm')
  if (!plain) {
    const minutes = base.diff(d, 'minute', true)
    if (minutes >= 0 && minutes < 1) return t('time.now')
    if (minutes >= 1 && minutes < 60) return t('time.minutesAgo', { count: Math.floor(minutes) })
  }
  if (days === 0) return t('time.today', { clock }).trim()
  if (days === -1) return t('time.yesterday', { clock }).trim()
  if (days === 1) return t('time.tomorrow', { clock }).trim()
  // What lies ahead is kept to the hour; of what is over, the day is enough where there is little room.
  const at = toTheHour || (days > 0 && d.year() === base.year()) ? clock : ''
  if (days < 0 && days >= -7) return `${t('time.daysAgo', { count: -days })} ${at}`.trim()
  if (days > 0 && days <= 7) return `${t('time.inDays', { count: days })} ${at}`.trim()
  return `${day(d, d.year() !== base.year())} ${at}`.trim()
}

/** Everything about the moment, for hovers and screen readers. */
export function fullTime(value: string): string {
  const d = isDate(value) ? dayjs(value) : wallClock(value)
  if (!d.isValid()) return value
  const zh = currentLang() === 'zh'
  const date = zh ? `${day(d, true)} ${d.format('dddd')}` : `${d.format('ddd')}, ${day(d, true)}`
  return isDate(value) ? date : `${date} ${d.format('HH:mm')}`
}

/** Past for a date means a day before today; for an instant, before now. */
export function isPast(value: string): boolean {
  return isDate(value) ? value < today() : new Date(value).getTime() < Date.now()
}
