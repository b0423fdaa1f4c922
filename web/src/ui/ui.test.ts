import dayjs from 'dayjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { setLanguage, startI18n } from '@/locales'
import { isComposing } from './ime'
import { matches } from './match'
import { formatMoney, formatNumber, formatPercent, formatSize } from './number'
import { initials, matchesText } from './pinyin'
import { fromWallClock, fullTime, relativeTime, setTimeZone, wallClock } from './time'
import { midSentence } from './useLabel'

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
  setTimeZone('Asia/Shanghai')
})

describe('numbers', () => {
  it('writes exact amounts beyond what a float can hold', () => {
    expect(formatMoney('90071992547409.93', 'CNY')).toBe('¥90,071,992,547,409.93')
    expect(formatMoney('-0.5', 'CNY')).toBe('-¥0.50')
  })
  it('shortens from ten thousand on, by the units of the language', async () => {
    expect(formatMoney('9999.5', 'CNY', true)).toBe('¥9,999.50')
    expect(formatMoney('0.00', 'CNY', true)).toBe('¥0')
    expect(formatMoney('123456', 'CNY', true)).toBe('¥12.3万')
    expect(formatMoney('27978000', 'CNY', true)).toBe('¥2,797.8万')
    await setLanguage('en-US')
    expect(formatMoney('123456', 'CNY', true)).toBe('¥123.5K')
    await setLanguage('zh-CN')
  })
  it('leaves alone what is no number', () => {
    expect(formatNumber('abc')).toBe('abc')
    expect(formatNumber(null)).toBe('')
    expect(formatPercent('12.50')).toBe('12.5%')
    expect(formatSize(1536)).toBe('1.5 KB')
  })
})

describe('times', () => {
  const base = dayjs('2026-11-21T14:30:00')
  const at = (wall: string) => fromWallClock(dayjs(wall))
  it.each([
    ['2026-11-21T14:29:40', '刚刚'],
    ['2026-11-21T14:05:00', '25 分钟前'],
    ['2026-11-21T09:00:00', '今天 09:00'],
    ['2026-11-21T18:00:00', '今天 18:00'],
    ['2026-11-20T23:10:00', '昨天 23:10'],
    ['2026-11-22T09:00:00', '明天 09:00'],
    ['2026-11-18T09:00:00', '3 天前'],
    ['2026-11-26T09:00:00', '5 天后 09:00'],
    ['2026-12-11T15:30:00', '12月11日 15:30'],
    ['2027-01-01T15:30:00', '2027年1月1日'],
    ['2026-03-03T09:00:00', '3月3日'],
    ['2025-03-03T09:00:00', '2025年3月3日'],
  ])('%s is %s', (wall, words) => expect(relativeTime(at(wall), base)).toBe(words))

  it('takes plain dates for days, not for instants', () => {
    expect(relativeTime('2026-11-21', base)).toBe('今天')
    expect(relativeTime('2026-11-20', base)).toBe('昨天')
    expect(relativeTime('2026-12-11', base)).toBe('12月11日')
    expect(relativeTime('2026-08-31', base, true)).toBe('8月31日')
  })

  it('tells the hour of what is long over where there is room', () => {
    expect(relativeTime(at('2026-08-31T14:30:00'), base)).toBe('8月31日')
    expect(relativeTime(at('2026-08-31T14:30:00'), base, true)).toBe('8月31日 14:30')
    expect(relativeTime(at('2025-08-31T14:30:00'), base, true)).toBe('2025年8月31日 14:30')
    expect(fullTime('2026-11-21')).toBe('2026年11月21日 星期六')
  })
  it('reckons in the zone of the workspace, also back', () => {
    expect(wallClock('2026-11-21T16:30:00Z').format('YYYY-MM-DD HH:mm')).toBe('2026-11-22 00:30')
    expect(fromWallClock(dayjs('2026-11-22T00:30:00'))).toBe('2026-11-21T16:30:00.000Z')
  })
})

describe('pinyin initials', () => {
  it.each([
    ['客户', 'kh'],
    ['新建商机', 'xjsj'],
    ['任务', 'rw'],
    ['部门 A', 'bm a'],
  ])('%s → %s', (text, letters) => expect(initials(text)).toBe(letters))
  it('finds by words, initials and both languages', () => {
    expect(matchesText('kh', '前往客户')).toBe(true)
    expect(matchesText('CUST', '客户', 'Customers')).toBe(true)
    expect(matchesText('zz', '客户')).toBe(false)
    expect(matchesText(' ', '客户')).toBe(true)
  })
})

describe('conditions on a record at hand', () => {
  const record = {
    status: 'open',
    stage: { id: 's1', title: '赢单' },
    amount: '1000.00',
    tags: ['a'],
    note: null,
  }
  it.each([
    [['status', '=', 'open'], true],
    [['status', 'in', ['won', 'lost']], false],
    [['stage', '=', 's1'], true],
    [['amount', '>', '999'], true],
    [['amount', 'between', [1, 9]], false],
    [['tags', 'contains', 'a'], true],
    [['note', 'is_null'], true],
    [{ not: ['status', '=', 'open'] }, false],
    [
      {
        and: [
          ['status', '=', 'open'],
          {
            or: [
              ['amount', '<', 1],
              ['note', 'is_null'],
            ],
          },
        ],
      },
      true,
    ],
  ] as const)('%j → %s', (expr, met) => expect(matches(expr as never, record)).toBe(met))
})

describe('small things', () => {
  it('knows a composition by either sign', () => {
    expect(isComposing(new KeyboardEvent('keydown', { key: 'a', isComposing: true }))).toBe(true)
    expect(isComposing(new KeyboardEvent('keydown', { key: 'a', keyCode: 229 }))).toBe(true)
    expect(isComposing(new KeyboardEvent('keydown', { key: 'a' }))).toBe(false)
  })
  it('puts catalogue names into sentences', () => {
    expect(midSentence('Customer')).toBe('customer')
    expect(midSentence('API token')).toBe('API token')
    expect(midSentence('客户')).toBe('客户')
  })
})
