import { describe, expect, it } from 'vitest'
import { field } from '../model/testkit'
import { choose, cut, draw, type Tie, tiesOf } from './ties'

const option = (value: string, zh: string) => ({ value, label: { zh, en: value } })
const fields = {
  link: field('kind', 'choice', { options: [option('partner', '合作'), option('referral', '转介绍')] }),
  role: field('role', 'choice', { options: [option('decider', '决策者')] }),
}
const row = (id: string, more: Record<string, unknown> = {}) => ({ id, version: 1, name: id, ...more })
const none = { parent: null, subsidiaries: [], outward: [], inward: [], contacts: [] }
const tie = (kind: Tie['kind'], n: number): Tie => ({
  key: `${kind}${n}`,
  kind,
  object: kind === 'contact' ? 'contact' : 'customer',
  id: `${n}`,
  title: `${n}`,
  words: [],
})

describe('who hangs together', () => {
  it('names links from both sides, each customer once, with everything that ties it', () => {
    const ties = tiesOf(
      {
        ...none,
        outward: [row('l1', { other: { id: 'b', title: '乙' }, kind: 'partner' })],
        inward: [
          row('l2', { customer: { id: 'b', title: '乙' }, kind: 'referral' }),
          row('l3', { customer: { id: 'c', title: null }, kind: 'partner' }),
        ],
        contacts: [row('p', { role: 'decider' }), row('q', { role: null })],
      },
      fields,
      'zh',
    )
    expect(ties.map((t) => [t.key, t.title, t.words])).toEqual([
      ['customer/b', '乙', ['合作', '转介绍']],
      ['customer/c', null, ['合作']],
      ['contact/p', 'p', ['决策者']],
      ['contact/q', 'q', []],
    ])
  })
  it('keeps a parent that is linked besides as the parent', () => {
    const parent = { id: 'a', title: '甲' }
    const ties = tiesOf(
      { ...none, parent, outward: [row('l', { other: parent, kind: 'partner' })] },
      fields,
      'en',
    )
    expect(ties).toHaveLength(1)
    expect(ties[0]).toMatchObject({ kind: 'parent', words: ['partner'] })
  })
  it('is nobody where there is nobody', () => {
    expect(tiesOf(none, {}, 'zh')).toEqual([])
  })
  it('does not let one kind crowd out the others', () => {
    const many = [...Array(50).keys()].map((n) => tie('contact', n))
    const chosen = choose([tie('parent', 0), tie('link', 1), tie('link', 2), ...many], 6)
    expect(chosen.map((t) => t.key)).toEqual([
      'parent0',
      'link1',
      'link2',
      'contact0',
      'contact1',
      'contact2',
    ])
  })
})

describe('the picture', () => {
  const ties = [tie('parent', 0), tie('link', 1), ...[...Array(58).keys()].map((n) => tie('contact', n))]
  const inside = (width: number) => {
    const { nodes, center, height } = draw(ties, width)
    const boxes = [...nodes.map((n) => n.box), center]
    expect(boxes.every((b) => b.x >= 0 && b.y >= 0)).toBe(true)
    expect(boxes.every((b) => b.x + b.width <= width && b.y + b.height <= height)).toBe(true)
    const meet = boxes.some((a, i) =>
      boxes.some(
        (b, j) =>
          i < j && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height,
      ),
    )
    expect(meet).toBe(false)
  }
  it('stands within its frame and nothing covers anything, on a screen and on a phone', () => {
    inside(900)
    inside(560)
    inside(340)
  })
  it('cuts names that are too long', () => {
    expect(cut('杭州华帆化工有限公司', 60, 13)).toBe('杭州华…')
    expect(cut('Ada', 60, 13)).toBe('Ada')
  })
})
