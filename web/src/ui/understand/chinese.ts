import type { Dayjs } from 'dayjs'
import { rewrite, type Traced } from './rewrite'

/**
 * Chinese days and times as they are spoken, written out so that a parser of plain dates can read them: 下周日下午三点半
 * becomes 2026年12月6日 15:30. Weeks begin with Monday.
 */
const digits = '零〇一二两三四五六七八九十'
const NUMBER = `(?:\\d{1,4}|[${digits}]{1,3}|几|半)`

/** 十二, 二十三, 两, 几 (a few, taken for three). Fractions stay with the caller. */
export function numberOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  if (text === '几') return 3
  const one = (char: string) => (char === '两' ? 2 : char === '〇' ? 0 : '零一二三四五六七八九'.indexOf(char))
  const [tens, units] = text.split('十') as [string, string | undefined]
  if (units === undefined) return [...text].reduce((n, c) => n * 10 + one(c), 0)
  return (tens === '' ? 1 : one(tens)) * 10 + (units === '' ? 0 : one(units))
}

const date = (d: Dayjs) => (d.isValid() ? ` ${d.format('YYYY年M月D日')} ` : null)
const lastOf = (d: Dayjs) => d.endOf('month').startOf('day')

const dayWords: Record<string, number> = {
  大后: 3,
  后: 2,
  明: 1,
  今: 0,
  昨: -1,
  前: -2,
  大前: -3,
}

const weekdays = '一二三四五六'

/** Monday of the week. */
const monday = (d: Dayjs) => d.startOf('day').subtract((d.day() + 6) % 7, 'day')

function weekday(match: RegExpMatchArray, now: Dayjs): string | null {
  const [, which = '', name = ''] = match
  const offset = name === '末' ? 5 : weekdays.includes(name) ? weekdays.indexOf(name) : 6
  const this_ = monday(now).add(offset, 'day')
  const next = which.match(/下/g)?.length ?? 0
  const past = which.match(/上/g)?.length ?? 0
  if (next > 0) return date(this_.add(next, 'week'))
  if (past > 0) return date(this_.subtract(past, 'week'))
  // Without a word before it, the next one there will be.
  return date(which === '' && this_.isBefore(now, 'day') ? this_.add(1, 'week') : this_)
}

function after(match: RegExpMatchArray, now: Dayjs): string | null {
  const [, text = '', unit = ''] = match
  const n = numberOf(text)
  if (text === '半') {
    if (unit === '月') return date(now.add(15, 'day'))
    return unit === '年' ? date(now.add(6, 'month')) : null
  }
  if (/[天日]/.test(unit)) return date(now.add(n, 'day'))
  if (unit === '月') return date(now.add(n, 'month'))
  if (unit === '年') return date(now.add(n, 'year'))
  return date(now.add(n, 'week'))
}

function edgeOfMonth(match: RegExpMatchArray, now: Dayjs): string | null {
  const [, which = '', edge = ''] = match
  const month = now.startOf('month').add(which.match(/下/g)?.length ?? 0, 'month')
  const past = which.includes('上')
  if (past) return date(month.subtract(1, 'month'))
  if (/[底末]/.test(edge)) return date(lastOf(month))
  return date(month.date(edge === '中' || edge === '中旬' ? 15 : 1))
}

function dayOfMonth(match: RegExpMatchArray, now: Dayjs): string | null {
  const [, which = '', text = ''] = match
  const day = numberOf(text)
  if (day < 1 || day > 31) return null
  let month = now.startOf('month').add(which.match(/下/g)?.length ?? 0, 'month')
  if (which === '' && day < now.date()) month = month.add(1, 'month')
  // The 31st of a month that has none is no day.
  return day > month.daysInMonth() ? null : date(month.date(day))
}

/** What the days of the text are called, as plain dates. */
export function plainDays(source: Traced, now: Dayjs): Traced {
  const end = (unit: 'year' | 'quarter') =>
    unit === 'year'
      ? now.endOf('year')
      : now
          .startOf('month')
          .add(2 - (now.month() % 3), 'month')
          .endOf('month')
  const rules: [RegExp, (m: RegExpMatchArray, text: string) => string | null][] = [
    [/((?:上+|下+|本|这)?个?)(?:周|星期|礼拜)([一二三四五六日天末])/g, (m) => weekday(m, now)],
    [new RegExp(`(${NUMBER})(?:个)?(天|日|周|星期|礼拜|月|年)(?:之|以|过)?后`, 'g'), (m) => after(m, now)],
    [/过(两|几|\d{1,2}|[一二三四五六七八九十])(天)/g, (m) => after(m, now)],
    [/((?:上|下+|本|这)?个?)月(底|末|初|中旬?)/g, (m) => edgeOfMonth(m, now)],
    [/(?:今)?年(?:底|末)/g, () => date(end('year'))],
    [/(?:本|这个?)?季度?[底末]/g, () => date(end('quarter'))],
    [new RegExp(`(下+个?月|本月|这个?月)(\\d{1,2}|[${digits}]{1,3})[号日]?`, 'g'), (m) => dayOfMonth(m, now)],
    [
      // Not a house, a line or a machine of that number, nor the day of a month named before it.
      new RegExp(
        `(?<![\\d月${digits}])()(\\d{1,2}|[${digits}]{1,3})号(?![楼线机店门院仓厂井桌房车口码位])`,
        'g',
      ),
      (m) => dayOfMonth(m, now),
    ],
    [
      /(大后|大前|后|明|今|昨|前)(天|日|早|晚)/g,
      (m, text) => {
        const [whole, which = '', what = ''] = m
        // 以后天…, 提前天…: the first sign belongs to the word before.
        if (/[以之提]/.test(text[(m.index ?? 0) - 1] ?? '')) return null
        const day = date(now.add(dayWords[which] ?? 0, 'day'))
        return day && (whole.length > 0 && what === '早' ? `${day}早上` : what === '晚' ? `${day}晚上` : day)
      },
    ],
  ]
  return rules.reduce((text, [pattern, to]) => rewrite(text, pattern, to), source)
}

const PERIOD = '凌晨|清晨|清早|早上|早晨|上午|中午|正午|午后|下午|傍晚|晚上|夜里|夜晚|半夜|午夜|晚间'
/** When one means the period and names no hour. */
const usual: Record<string, string> = {
  凌晨: '01:00',
  清晨: '07:00',
  清早: '07:00',
  早上: '09:00',
  早晨: '09:00',
  上午: '09:00',
  中午: '12:00',
  正午: '12:00',
  午后: '14:00',
  下午: '14:00',
  傍晚: '18:00',
  午夜: '24:00',
  半夜: '24:00',
}
const EVENING = '19:00'

function hourOf(period: string, hour: number): number | null {
  if (hour > 24) return null
  if (/^[凌清早]|^上/.test(period)) return period === '凌晨' && hour === 12 ? 0 : hour
  if (/^[中正]/.test(period)) return hour <= 3 ? hour + 12 : hour
  if (/^(?:下|午后|傍)/.test(period)) return hour < 12 ? hour + 12 : hour
  if (/^[晚夜半午]/.test(period)) return hour === 12 ? 24 : hour >= 5 && hour < 12 ? hour + 12 : hour
  // Nobody is called at three in the morning.
  return hour >= 1 && hour <= 6 ? hour + 12 : hour
}

/** The times of the text as `15:30`. */
export function plainTimes(source: Traced, now: Dayjs): Traced {
  const clock = new RegExp(
    `(?:(${PERIOD})\\s*)?(?<![\\d.,:：${digits}])(\\d{1,2}|[${digits}]{1,3})(?:点钟?(半|整|一刻|三刻|(?:\\d{1,2}|[${digits}]{1,3})分?)?|[:：](\\d{2})(?!\\d))`,
    'g',
  )
  const spoken = rewrite(source, clock, (m, text) => {
    const [whole, period = '', h = '', spokenMinute, minute] = m
    const before = text.slice(0, m.index).trimEnd()
    const dated = /[日号]$/.test(before)
    // 便宜一点, 三点建议: without a day, a period or minutes it is no time of day.
    if (!period && !dated && spokenMinute === undefined && minute === undefined)
      return whole.replace(/点/, '點')
    const hour = minute !== undefined && !period && h.length === 2 ? Number(h) : hourOf(period, numberOf(h))
    const past = minute ?? spokenMinute ?? '整'
    const quarter = { 半: 30, 整: 0, 一刻: 15, 三刻: 45 }[past] ?? numberOf(past.replace('分', ''))
    if (hour === null || quarter > 59) return null
    return ` ${String(hour).padStart(2, '0')}:${String(quarter).padStart(2, '0')} `
  })
  const clocks = rewrite(
    spoken,
    new RegExp(`(?<=[日号]\\s*)(?:${PERIOD})(?!\\s*\\d)`, 'g'),
    (m) => ` ${usual[m[0]] ?? EVENING} `,
  )
  // The end of a day is the beginning of the next.
  return rewrite(
    clocks,
    /(?:(\d{4})年(\d{1,2})月(\d{1,2})日\s+)?24:(\d{2})/g,
    ([, year, month, day, minute]) => {
      const of = year
        ? now
            .year(Number(year))
            .month(Number(month) - 1)
            .date(Number(day))
        : now
      return ` ${of.add(1, 'day').format('YYYY年M月D日')} 00:${minute} `
    },
  )
}

/** In so many hours or minutes: minutes, and where it stands. */
export function* soonIn(text: string): Generator<{ minutes: number; start: number; end: number }> {
  const pattern = new RegExp(`(${NUMBER})个?(半)?(小时|钟头|分钟|刻钟)(?:之|以|过)?后`, 'g')
  for (const m of text.matchAll(pattern)) {
    const [whole, n = '', half, unit = ''] = m
    const count = (n === '半' ? 0.5 : numberOf(n)) + (half ? 0.5 : 0)
    const minutes = count * (unit === '分钟' ? 1 : unit === '刻钟' ? 15 : 60)
    yield { minutes, start: m.index, end: m.index + whole.length }
  }
}

/** Only a part of a day, which says when something was rather than when it will be. */
export const onlyPeriod = (text: string) =>
  new RegExp(`^(?:${PERIOD}|现在|立刻|立即|即刻|[早晚夜中上下])$`).test(text)
/** 今天拜访了…: it is over. */
export const isOver = (clause: string) => /[了过]|刚|已/.test(clause)
export const isChinese = (text: string) => /[一-鿿]/.test(text)
/** What one writes about the next contact rather than about the last. */
export const nextWords =
  /回电|回访|联系|再|跟进|沟通|见面|约|拜访|提醒|下次|打给|致电|call|contact|follow|meet|visit|ring|remind|next/i
