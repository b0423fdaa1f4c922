import { describe, expect, it } from 'vitest'
import { askedAt, mentionsIn, withMention } from './mentions'

/** The caret stands at the bar. */
const asked = (text: string) => askedAt(text.replace('|', ''), text.indexOf('|'))

describe('a mention being typed', () => {
  it.each([
    ['@|', ''],
    ['请 @zw|', 'zw'],
    ['请@张|看一下', '张'],
    ['（@李娜|）', '李娜'],
    ['第一行\n@li.na|', 'li.na'],
  ])('%s', (text, q) => expect(asked(text)?.q).toBe(q))
  it.each(['crm@exa|', '没有|', '@张伟 你好|', '@张伟，|', '|@张伟', `@${'长'.repeat(40)}|`])(
    'is none in %s',
    (text) => expect(asked(text)).toBeNull(),
  )
})

it('writes the name out and goes on behind it', () => {
  expect(withMention('请 @zw 看', { start: 2, q: 'zw' }, '张伟')).toEqual({ text: '请 @张伟 看', caret: 6 })
  expect(withMention('@', { start: 0, q: '' }, 'li.na')).toEqual({ text: '@li.na ', caret: 7 })
})

describe('mentions in a text', () => {
  const of = (text: string) =>
    mentionsIn(text)
      .filter((p) => p.mention)
      .map((p) => p.text)
  it.each([
    ['请@张伟 看 @li.na。', ['@张伟', '@li.na']],
    ['写信到 crm@example.com', []],
    ['@全体都要来参加', []],
    ['@@张伟', ['@张伟']],
    ['@', []],
    ['', []],
  ])('%s', (text, found) => expect(of(text)).toEqual(found))
  it('lose nothing of the text, however it is made', () => {
    for (const text of ['@'.repeat(5000), 'a@b@张伟 @', `${'@张伟 '.repeat(500)}x`, '<b>@张伟</b>'])
      expect(
        mentionsIn(text)
          .map((p) => p.text)
          .join(''),
      ).toBe(text)
  })
})
