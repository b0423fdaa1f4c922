import { describe, expect, it } from 'vitest'
import type { FieldDef, FilterExpr } from '@/api/types'
import {
  allOf,
  carryValue,
  forServer,
  fromApi,
  replaceNode,
  toApi,
  usualOperator,
  withCondition,
} from './filter'
import { field } from './testkit'
import { chips, type WordsContext } from './words'

describe('filter', () => {
  const nested: FilterExpr = {
    and: [['status', 'in', ['open', 'won']], { or: [['amount', '>', '100'], { not: ['owner', '=', 'me'] }] }],
  }
  it('survives the way into the editor and back', () => {
    expect(toApi(fromApi(nested))).toEqual(nested)
  })
  it('leaves out what is half written', () => {
    const root = fromApi({
      and: [
        ['name', 'contains', ''],
        ['amount', 'between', ['1', null]],
        ['phone', 'is_null'],
      ],
    })
    expect(toApi(root)).toEqual(['phone', 'is_null'])
  })
  it('takes anything for input', () => {
    for (const bad of [null, 7, 'x', {}, { and: 3 }, [1, 2], { and: [null, ['a']] }]) {
      expect(toApi(fromApi(bad))).toBeUndefined()
    }
  })
  it('strips titles for the server only', () => {
    const shown: FilterExpr = {
      and: [
        ['customer', '=', { id: 'c1', title: '华盛' }],
        ['owner', 'in', [{ id: 'u1', title: '王磊' }]],
      ],
    }
    expect(forServer(shown)).toEqual({
      and: [
        ['customer', '=', 'c1'],
        ['owner', 'in', ['u1']],
      ],
    })
  })
  it('wraps an "or" before it narrows it', () => {
    const root = fromApi({
      or: [
        ['a', '=', 1],
        ['b', '=', 2],
      ],
    })
    expect(toApi(withCondition(root, { key: 'x', field: 'c', op: '=', value: 3 }))).toEqual({
      and: [
        {
          or: [
            ['a', '=', 1],
            ['b', '=', 2],
          ],
        },
        ['c', '=', 3],
      ],
    })
  })
  it('drops a group with its last condition', () => {
    const root = fromApi({ and: [['a', '=', 1], { or: [['b', '=', 2]] }] })
    const group = root.items[1]
    const inner = group && 'items' in group ? group.items[0] : undefined
    expect(toApi(replaceNode(root, inner?.key ?? '', null))).toEqual(['a', '=', 1])
  })
  it('carries a value where it still means something', () => {
    expect(carryValue('=', 'in', 'a')).toEqual(['a'])
    expect(carryValue('in', '=', ['a', 'b'])).toBe('a')
    expect(carryValue('=', 'is_null', 'a')).toBeUndefined()
    expect(carryValue('=', 'between', '3')).toBeUndefined()
  })
  it('begins with what people mean most', () => {
    const has = (type: FieldDef['type'], ...operators: FieldDef['operators']) =>
      usualOperator({ type, operators })
    expect(has('text', '=', 'contains')).toBe('contains')
    expect(has('datetime', '<', 'within')).toBe('within')
    expect(has('choice', '=', 'in')).toBe('in')
    expect(has('money', '>', '<')).toBe('>')
  })
  it('joins what is there', () => {
    expect(allOf(undefined, ['a', '=', 1])).toEqual(['a', '=', 1])
    expect(allOf(undefined, undefined)).toBeUndefined()
  })
})

describe('filter words', () => {
  const words: Record<string, string> = {
    'words.condition': '{{field}} {{op}} {{value}}',
    'words.bare': '{{field}} {{op}}',
    'words.within': '{{field}}：{{value}}',
    'words.comma': '、',
    'words.more': '{{list}} 等 {{count}} 项',
    'words.or': ' 或 ',
    'words.and': ' 且 ',
    'words.group': '（{{text}}）',
    'words.not': '除了（{{text}}）',
    'words.me': '我',
    'op.eq': '是',
    'op.in': '是任意一个',
    'op.is_null': '未填写',
    'op.date_lt': '早于',
    'range.last_n_days': '最近 {{count}} 天',
  }
  const fields: Record<string, FieldDef> = {
    status: field('状态', 'choice'),
    owner: field('负责人', 'user'),
    due: field('截止', 'datetime'),
    phone: field('电话', 'phone'),
  }
  const ctx: WordsContext = {
    fieldAt: (path) => {
      const found = fields[path]
      return found && { field: found, label: found.name }
    },
    valueText: (_, v) => String(v),
    t: (key, options = {}) => (words[key] ?? key).replace(/\{\{(\w+)\}\}/g, (_, k) => String(options[k])),
  }
  const say = (f: FilterExpr) => chips(fromApi(f), ctx).map((c) => c.text)
  it('says each condition', () => {
    expect(
      say({
        and: [
          ['status', 'in', ['a', 'b', 'c', 'd']],
          ['owner', '=', 'me'],
          ['phone', 'is_null'],
        ],
      }),
    ).toEqual(['状态 是任意一个 a、b、c 等 4 项', '负责人 是 我', '电话 未填写'])
  })
  it('knows dates', () => {
    expect(
      say({
        and: [
          ['due', 'within', 'last_7_days'],
          ['due', '<', '2026-11-01'],
        ],
      }),
    ).toEqual(['截止：最近 7 天', '截止 早于 2026-11-01'])
  })
  it('brackets what is nested and keeps an "or" together', () => {
    expect(
      say({
        and: [
          ['owner', '=', 'me'],
          {
            or: [
              ['status', '=', 'a'],
              ['status', '=', 'b'],
            ],
          },
        ],
      })[1],
    ).toBe('（状态 是 a 或 状态 是 b）')
    expect(
      say({
        or: [
          ['status', '=', 'a'],
          ['owner', '=', 'me'],
        ],
      }),
    ).toEqual(['状态 是 a 或 负责人 是 我'])
    expect(say({ not: ['status', '=', 'a'] })).toEqual(['除了（状态 是 a）'])
  })
})
