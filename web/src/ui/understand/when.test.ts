import dayjs from 'dayjs'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { fromWallClock, setTimeZone, wallClock } from '@/ui/time'
import { numberOf } from './chinese'
import { kindIn } from './kind'
import { withoutWhen } from './rest'
import { stepOf, whenIn } from './when'

beforeEach(() => setTimeZone('Asia/Shanghai'))
afterAll(() => setTimeZone('Asia/Shanghai'))

/** The wall clock at which a text is written, and what it then names. */
const at = (wall: string) => new Date(fromWallClock(dayjs(wall)))
const read = (text: string, wall = '2026-11-25T10:20:00') => {
  const found = whenIn(text, at(wall))
  return found && wallClock(found.at).format('YYYY-MM-DD HH:mm')
}

// Wednesday, 25 November 2026.
describe('days in Chinese', () => {
  it.each([
    ['明天下午三点 回电', '2026-11-26 15:00'],
    ['下周一上午9点半', '2026-11-30 09:30'],
    ['3天后', '2026-11-28 09:00'],
    ['三天之后再联系', '2026-11-28 09:00'],
    ['过两天打给他', '2026-11-27 09:00'],
    ['月底', '2026-11-30 09:00'],
    ['下个月底回访', '2026-12-31 09:00'],
    ['下月初', '2026-12-01 09:00'],
    ['年底前再看', '2026-12-31 09:00'],
    ['11月30日 14:00', '2026-11-30 14:00'],
    ['11月30号下午', '2026-11-30 14:00'],
    ['十二月三日晚上八点', '2026-12-03 20:00'],
    ['2027年1月5日', '2027-01-05 09:00'],
    ['2026-12-01 16:30 见面', '2026-12-01 16:30'],
    ['后天', '2026-11-27 09:00'],
    ['大后天上午', '2026-11-28 09:00'],
    ['明早', '2026-11-26 09:00'],
    ['明晚', '2026-11-26 19:00'],
    ['今晚8点', '2026-11-25 20:00'],
    ['今天下午4点再打', '2026-11-25 16:00'],
    ['一周后', '2026-12-02 09:00'],
    ['两个星期后', '2026-12-09 09:00'],
    ['半个月后', '2026-12-10 09:00'],
    ['一个月后', '2026-12-25 09:00'],
    ['30号', '2026-11-30 09:00'],
    ['5号再联系', '2026-12-05 09:00'],
    ['下个月5号', '2026-12-05 09:00'],
    ['周末', '2026-11-28 09:00'],
    ['２天后'.replace('２', '2'), '2026-11-27 09:00'],
  ])('%s', (text, wall) => expect(read(text)).toBe(wall))

  it.each([
    ['周日', '2026-11-29'],
    ['星期天', '2026-11-29'],
    ['本周日', '2026-11-29'],
    ['下周日', '2026-12-06'],
    ['下下周日', '2026-12-13'],
    ['周三', '2026-11-25'],
    ['周一', '2026-11-30'],
    ['下周三', '2026-12-02'],
    ['下个星期五', '2026-12-04'],
  ])('%s, with weeks from Monday', (text, day) => expect(read(`${text}晚上7点`)).toBe(`${day} 19:00`))

  it('on a Sunday the next week begins tomorrow', () => {
    expect(read('下周一', '2026-11-29T10:00:00')).toBe('2026-11-30 09:00')
    expect(read('下周日', '2026-11-29T10:00:00')).toBe('2026-12-06 09:00')
    expect(read('周日下午三点', '2026-11-29T10:00:00')).toBe('2026-11-29 15:00')
  })
})

describe('times in Chinese', () => {
  it.each([
    ['明天三点', '15:00'],
    ['明天9点', '09:00'],
    ['明天两点半', '14:30'],
    ['明天十点一刻', '10:15'],
    ['明天十点三刻', '10:45'],
    ['明天10点05分', '10:05'],
    ['明天十点二十', '10:20'],
    ['明天中午', '12:00'],
    ['明天中午12点半', '12:30'],
    ['明天中午一点', '13:00'],
    ['明天中午十一点半', '11:30'],
    ['明天傍晚', '18:00'],
    ['明天晚上', '19:00'],
    ['明天晚上九点半', '21:30'],
    ['明天凌晨三点', '03:00'],
    ['明天凌晨12点', '00:00'],
    ['明天上午11:45', '11:45'],
    ['明天 08:05', '08:05'],
    ['明天下午2:30', '14:30'],
  ])('%s', (text, clock) => expect(read(text)).toBe(`2026-11-26 ${clock}`))
  it('midnight of an evening is the end of its day', () =>
    expect(read('明天晚上12点')).toBe('2026-11-27 00:00'))
  it('counts hours and minutes from now', () => {
    expect(read('半小时后回电')).toBe('2026-11-25 10:50')
    expect(read('两个小时后')).toBe('2026-11-25 12:20')
    expect(read('1个半小时后')).toBe('2026-11-25 11:50')
    expect(read('20分钟后')).toBe('2026-11-25 10:40')
  })
})

describe('English', () => {
  it.each([
    ['next Mon 9am', '2026-11-30 09:00'],
    ['call back tomorrow at 3pm', '2026-11-26 15:00'],
    ['tomorrow at 3', '2026-11-26 15:00'],
    ['tomorrow morning', '2026-11-26 09:00'],
    ['tomorrow afternoon', '2026-11-26 14:00'],
    ['in 3 days', '2026-11-28 09:00'],
    ['in two weeks', '2026-12-09 09:00'],
    ['in half an hour', '2026-11-25 10:50'],
    ['in 2 hours', '2026-11-25 12:20'],
    ['end of month', '2026-11-30 09:00'],
    ['by the end of next month', '2026-12-31 09:00'],
    ['Nov 30 at 14:00', '2026-11-30 14:00'],
    ['30 November 2:30pm', '2026-11-30 14:30'],
    ['Friday', '2026-11-27 09:00'],
    ['Friday noon', '2026-11-27 12:00'],
    ['January 5', '2027-01-05 09:00'],
  ])('%s', (text, wall) => expect(read(text)).toBe(wall))
})

describe('the turns of the calendar', () => {
  it('the end of a month on that day is this afternoon', () => {
    expect(read('月底', '2026-11-30T10:00:00')).toBe('2026-11-30 17:00')
    expect(read('月底', '2026-02-10T10:00:00')).toBe('2026-02-28 09:00')
    expect(read('月底', '2028-02-10T10:00:00')).toBe('2028-02-29 09:00')
  })
  it('a month later than the 31st is its last day', () =>
    expect(read('一个月后', '2027-01-31T10:00:00')).toBe('2027-02-28 09:00'))
  it('crosses the year', () => {
    expect(read('明天', '2026-12-31T10:00:00')).toBe('2027-01-01 09:00')
    expect(read('1月5日', '2026-12-28T10:00:00')).toBe('2027-01-05 09:00')
    expect(read('下周五', '2026-12-28T10:00:00')).toBe('2027-01-08 09:00')
    expect(read('5号', '2026-12-28T10:00:00')).toBe('2027-01-05 09:00')
  })
  it('after midnight tomorrow is still tomorrow', () => {
    expect(read('明天', '2026-11-25T00:30:00')).toBe('2026-11-26 09:00')
    expect(read('明早8点', '2026-11-25T00:30:00')).toBe('2026-11-26 08:00')
  })
  it('knows no 31 November and no 30 February', () => {
    expect(read('下个月30日', '2027-01-25T10:00:00')).toBeNull()
    expect(read('2月30日')).toBeNull()
  })
})

describe('in another zone', () => {
  it('keeps the wall clock over a change of the hour', () => {
    setTimeZone('America/New_York')
    // Clocks go forward on 14 March 2027, back on 7 November.
    expect(whenIn('明天上午9点', at('2027-03-13T10:00:00'))?.at).toBe('2027-03-14T13:00:00.000Z')
    expect(whenIn('today 9pm', at('2027-03-13T10:00:00'))?.at).toBe('2027-03-14T02:00:00.000Z')
    expect(whenIn('3小时后', at('2027-03-14T01:30:00'))?.at).toBe('2027-03-14T09:30:00.000Z')
    expect(whenIn('tomorrow 9am', at('2027-11-06T10:00:00'))?.at).toBe('2027-11-07T14:00:00.000Z')
    const gap = whenIn('明天凌晨2点半', at('2027-03-13T10:00:00'))
    expect(gap && wallClock(gap.at).format('YYYY-MM-DD')).toBe('2027-03-14')
  })
})

describe('which of several', () => {
  it.each([
    ['昨天电话，周五再联系', '2026-11-27 09:00'],
    ['客户下周三给答复，周五再联系', '2026-11-27 09:00'],
    ['11月20日拜访过，11月30日回访', '2026-11-30 09:00'],
    ['今天上午拜访了，下周二10点再去', '2026-12-01 10:00'],
    ['约了下周一 9点半，展会是下个月5号', '2026-11-30 09:30'],
  ])('%s', (text, wall) => expect(read(text)).toBe(wall))
  it('says where it stands', () => {
    const text = '电话沟通，明天下午三点 回电。客户很好'
    const found = whenIn(text, at('2026-11-25T10:20:00'))
    expect(found).toMatchObject({ text: '明天下午三点', start: 5, end: 11, timed: true })
    expect(found && stepOf(text, found)).toBe('回电')
    const before = '送样品给李总 3天后'
    const late = whenIn(before, at('2026-11-25T10:20:00'))
    expect(late).toMatchObject({ text: '3天后', timed: false })
    expect(late && stepOf(before, late)).toBe('送样品给李总')
  })
})

describe('what is none', () => {
  it.each([
    '',
    '电话沟通了一下',
    '价格便宜一点',
    '提了三点建议',
    '今天拜访了客户',
    '今天下午和王总谈过',
    '昨天下午3点打的电话',
    '上周五拜访',
    '11月20日拜访',
    '3号楼的项目',
    '12月采购',
    '要12.5万',
    '以后再说',
    '下午谈得很好',
    '电话13800138000',
    'we sat down',
    'may buy later',
    'the second offer',
    'last Friday',
    'met at 9am',
    '99999年后',
    '3000年1月1日',
  ])('%s', (text) => expect(read(text)).toBeNull())
  it('survives whatever is typed, quickly', () => {
    const hostile = [
      '9'.repeat(100_000),
      '明天'.repeat(50_000),
      '下'.repeat(20_000),
      `${'一二三四五六七八九十'.repeat(5000)}天后`,
      '十月'.repeat(10_000),
      'next '.repeat(20_000),
      '1/1/1/1 '.repeat(5000),
      '((((((([[[[[\\\\\\$^*+?{}|',
      '\u0000\uffff\ud800明天',
      '<script>alert(1)</script> 明天',
    ]
    for (const text of hostile) {
      const began = performance.now()
      whenIn(text, at('2026-11-25T10:20:00'))
      expect(performance.now() - began).toBeLessThan(1500)
    }
    expect(read('<script>alert(1)</script> 明天')).toBe('2026-11-26 09:00')
    expect(read(`${'很长的话。'.repeat(20_000)}明天三点回电`)).toBe('2026-11-26 15:00')
  })
})

it('reads Chinese numbers', () =>
  expect(['两', '十', '十二', '二十', '二十三', '〇', '30', '几'].map(numberOf)).toEqual([
    2, 10, 12, 20, 23, 0, 30, 3,
  ]))

describe('the kind of contact', () => {
  const kinds = ['call', 'visit', 'mail', 'message', 'other']
  it.each([
    ['给王总打了电话', 'call'],
    ['上门拜访，聊了报价', 'visit'],
    ['发了邮件', 'mail'],
    ['微信上说再等等', 'message'],
    ['He called about the offer', 'call'],
    ['Visited the plant', 'visit'],
    ['emailed the quote', 'mail'],
    ['客户还在考虑', undefined],
  ])('%s', (text, kind) => expect(kindIn(text, kinds)).toBe(kind))
  it('is that of what happened, not of what comes next', () => {
    const text = '拜访了客户，明天电话'
    expect(kindIn(text, kinds, { start: 6, end: 10 })).toBe('visit')
    expect(kindIn('微信沟通', ['call', 'visit'])).toBeUndefined()
  })
})

describe('the text without its moment', () => {
  it.each([
    ['明天上午十点 拜访王总', '拜访王总'],
    ['拜访王总，后天下午三点', '拜访王总'],
    ['和王总明天下午三点：看样机', '和王总 看样机'],
    ['Visit the plant tomorrow at 10am', 'Visit the plant'],
    // It says nothing else.
    ['明天下午三点', '明天下午三点'],
  ])('%s', (text, rest) => {
    const when = whenIn(text, at('2026-11-25T10:20:00'))
    expect(when && withoutWhen(text, when)).toBe(rest)
  })
})
