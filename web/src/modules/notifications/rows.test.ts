import { describe, expect, it } from 'vitest'
import type { KindSetting, Notification } from '@/api/notifications'
import type { ObjectDef } from '@/api/types'
import { badge, byDay, groupsOf, iconOf, newerThan, targetOf } from './rows'

const note = (more: Partial<Notification>): Notification => ({
  id: '1',
  kind: 'customer.recycled',
  label: '客户已回收',
  object: 'customer',
  record: 'c1',
  title: '华盛科技',
  actor: null,
  count: 1,
  moment: null,
  excerpt: null,
  at: '2026-11-22T03:00:00Z',
  read_at: null,
  ...more,
})
const objects = {
  customer: { name: 'customer', icon: 'team', fields: { owner: {} } },
  task: { name: 'task', icon: 'check-square', fields: {} },
} as unknown as Record<string, ObjectDef>

describe('where a notification leads', () => {
  it.each([
    ['to its record', {}, { to: 'record', object: 'customer', id: 'c1' }],
    ['nowhere, if he may not see it', { title: null }, undefined],
    ['nowhere, without a record', { object: null, record: null }, undefined],
    ['nowhere, where he does not know the object', { object: 'secret' }, undefined],
    [
      'to the list, for several',
      { count: 3, record: null, title: null },
      { to: 'list', object: 'customer', search: {} },
    ],
    [
      'to his own, for several he was given',
      { kind: 'assigned', count: 50_000, record: null },
      { to: 'list', object: 'customer', search: { filter: ['owner', '=', 'me'], sort: '-updated_at' } },
    ],
    [
      'to the list as it is, where nobody owns them',
      { kind: 'assigned', object: 'task', count: 2 },
      { to: 'list', object: 'task', search: {} },
    ],
  ] as const)('%s', (_, more, target) => expect(targetOf(note(more), objects)).toEqual(target))
})

it('groups by the day of the workspace, newest first, without empty groups', () => {
  const list = ['2026-11-23', '2026-11-22', '2026-11-20', '2026-01-01'].map((at) => note({ id: at, at }))
  const groups = byDay(list, (at) => at, '2026-11-22', '2026-11-21')
  expect(groups.map((g) => [g.day, g.items.map((n) => n.id)])).toEqual([
    ['today', ['2026-11-23', '2026-11-22']],
    ['earlier', ['2026-11-20', '2026-01-01']],
  ])
})

it('gathers the kinds of an object', () => {
  const kind = (name: string, group: string): KindSetting => ({
    kind: name,
    label: name,
    group: { name: group, label: group },
    in_app: true,
    mail: 'none',
  })
  expect(groupsOf([kind('assigned', ''), kind('task.due', 'task'), kind('mentioned', '')])).toEqual([
    { name: '', label: '', kinds: ['assigned', 'mentioned'] },
    { name: 'task', label: 'task', kinds: ['task.due'] },
  ])
})

it('knows its icons: the built-in kinds, what is due, else the object', () => {
  expect(iconOf(note({ kind: 'mentioned' }), objects)).toBe('comment')
  expect(iconOf(note({ moment: '2026-11-23T00:00:00Z' }), objects)).toBe('clock-circle')
  expect(iconOf(note({}), objects)).toBe('team')
  expect(iconOf(note({ object: null }), objects)).toBe('bell')
})

it('tells of nothing that was there before it looked for the first time', () => {
  const list = [note({ id: 'b', at: '2026-11-22T02:00:00Z' }), note({ id: 'a', at: '2026-11-22T01:00:00Z' })]
  expect(newerThan(list, undefined)).toEqual([])
  expect(newerThan(list, '2026-11-22T01:00:00Z').map((n) => n.id)).toEqual(['b'])
  expect(newerThan(list, '')).toHaveLength(2)
})

it('counts to 99', () => expect([1, 99, 100, 50_000].map(badge)).toEqual(['1', '99', '99+', '99+']))
