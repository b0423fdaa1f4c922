import { QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { act, cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { App, ConfigProvider } from 'antd'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { keys, queryClient } from '@/api/queryClient'
import type { FieldDef, ObjectDef } from '@/api/types'
import { setLanguage, startI18n } from '@/locales'
import { field, object } from '@/records/model/testkit'
import { closeQuick, openQuick } from '@/ui/quick'
import { setTimeZone } from '@/ui/time'
import { freshByOther, verbOf } from './fresh'
import { QuickEntry } from './QuickEntry'
import { templatesIn } from './Templates'
import { coordinates } from './Visit'

const choice = (name: string, values: [string, string][], more: Partial<FieldDef> = {}) =>
  field(name, 'choice', {
    options: values.map(([value, zh]) => ({ value, label: { zh, en: value } })),
    ...more,
  })
const def = (name: string, zh: string, fields: FieldDef[], title = 'name'): ObjectDef => ({
  ...object(fields),
  name,
  label: { zh, en: name },
  plural: { zh, en: `${name}s` },
  title,
  traits: ['owned', 'attachments'],
})
const kinds = choice(
  'kind',
  [
    ['call', '电话'],
    ['visit', '拜访'],
    ['mail', '邮件'],
    ['message', '消息'],
    ['other', '其他'],
  ],
  { default: 'call' },
)
const objects = {
  customer: def('customer', '客户', [
    field('name', 'text'),
    field('last_contact_at', 'datetime'),
    field('last_contact_by', 'user'),
    { ...kinds, name: 'last_contact_kind' },
    field('last_contact_summary', 'text'),
  ]),
  opportunity: def('opportunity', '商机', [
    field('name', 'text'),
    field('customer', 'lookup', { to: 'customer' }),
  ]),
  task: def('task', '任务', [
    field('name', 'text', { max_length: 200 }),
    field('due_at', 'datetime'),
    field('customer', 'lookup', { to: 'customer' }),
    field('opportunity', 'lookup', { to: 'opportunity' }),
    field('description', 'long_text'),
  ]),
  follow_up: def(
    'follow_up',
    '跟进',
    [
      field('content', 'long_text', { label: { zh: '跟进内容', en: 'What happened' }, max_length: 5000 }),
      { ...kinds, label: { zh: '方式', en: 'Kind' } },
      field('customer', 'lookup', { to: 'customer' }),
      field('opportunity', 'lookup', { to: 'opportunity' }),
      choice('result', [
        ['interested', '有意向'],
        ['refused', '拒绝'],
      ]),
      field('next_at', 'datetime'),
      field('next_step', 'text', { max_length: 500 }),
      field('place', 'address'),
    ],
    'content',
  ),
}
const now = new Date()
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000).toISOString()
const customer = {
  id: 'c1',
  version: 1,
  name: '华盛科技',
  last_contact_at: ago(48),
  last_contact_by: { id: 'u2', title: '李娜' },
  last_contact_kind: 'call',
  last_contact_summary: '谈了报价',
}
const deal = { id: 'o1', version: 1, name: '年框', customer: { id: 'c1', title: '华盛科技' } }

interface Sent {
  path: string
  body: Record<string, unknown>
}

// The reader of dates is fetched with the first text, and then waits for a pause.
configure({ asyncUtilTimeout: 8000 })
vi.setConfig({ testTimeout: 30_000 })

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
  setTimeZone('Asia/Shanghai')
})
afterEach(async () => {
  act(closeQuick)
  cleanup()
  queryClient.clear()
  localStorage.clear()
  vi.unstubAllGlobals()
  await setLanguage('zh-CN')
})

async function show(
  subject: { object: string; id: string } | undefined,
  { refuse = [] as string[], last = {} } = {},
) {
  const sent: Sent[] = []
  const refusing = new Set(refuse)
  vi.stubGlobal('fetch', async (address: string, init: RequestInit) => {
    const path = address.replace('/api/v1', '')
    const answer = (body: unknown, status = 200) =>
      new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
    if (init.method === 'POST' && !path.includes('/aggregate')) {
      sent.push({ path, body: JSON.parse(String(init.body ?? '{}')) })
      if (refusing.delete(path)) {
        return answer({ title: '不行', detail: '这次不行', status: 422, code: 'invalid' }, 422)
      }
      return answer({ id: `new-${sent.length}`, version: 1, content: 'x', name: 'x' }, 201)
    }
    if (path.startsWith('/records/customer/c1')) return answer({ ...customer, ...last })
    if (path.startsWith('/records/opportunity/o1')) return answer(deal)
    return answer({ items: [], next: null })
  })
  queryClient.setQueryData(keys.catalogue, {
    objects,
    modules: [],
    abilities: [],
    workspace: { currency: 'CNY' },
  })
  queryClient.setQueryData(keys.session, {
    user: { id: 'u1', name: '张伟', login: 'zw', roles: [], department: null },
    preferences: {},
  })
  const router = createRouter({
    routeTree: createRootRoute({ component: QuickEntry }),
    history: createMemoryHistory({ initialEntries: ['/'] }),
  })
  await router.load()
  render(
    <QueryClientProvider client={queryClient}>
      <ConfigProvider theme={{ token: { motion: false } }}>
        <App>
          {/* biome-ignore lint/suspicious/noExplicitAny: the page's own routes are registered, these are the test's */}
          <RouterProvider router={router as any} />
        </App>
      </ConfigProvider>
    </QueryClientProvider>,
  )
  act(() => openQuick(subject))
  return sent
}
const box = () => screen.findByRole('textbox', { name: '跟进内容' })
const type = async (text: string) => fireEvent.change(await box(), { target: { value: text } })
const chosen = (name: string) => (screen.getByRole('radio', { name }) as HTMLInputElement).checked

describe('a follow-up written in one go', () => {
  it('reads kind, moment and next step out of the text, and makes the task', async () => {
    const sent = await show({ object: 'opportunity', id: 'o1' })
    await type('上门拜访了王总，3天后 回电')
    await screen.findByRole('button', { name: '去掉下次联系' })
    expect(chosen('拜访')).toBe(true)
    expect((screen.getByRole('textbox', { name: '下一步' }) as HTMLInputElement).value).toBe('回电')
    fireEvent.click(screen.getByRole('button', { name: '有意向' }))
    fireEvent.change(screen.getByRole('textbox', { name: '地点' }), { target: { value: '南山科技园' } })
    fireEvent.click(screen.getByRole('switch'))
    fireEvent.keyDown(await box(), { key: 'Enter', ctrlKey: true })
    await waitFor(() => expect(sent).toHaveLength(2))
    const [follow, task] = sent
    expect(follow).toMatchObject({
      path: '/records/follow_up',
      body: {
        opportunity: 'o1',
        customer: 'c1',
        kind: 'visit',
        content: '上门拜访了王总，3天后 回电',
        result: 'interested',
        next_step: '回电',
        place: '南山科技园',
      },
    })
    const next = String(follow?.body.next_at)
    expect(Math.round((Date.parse(next) - Date.now()) / 86_400_000)).toBeLessThanOrEqual(3)
    expect(task).toMatchObject({
      path: '/records/task',
      body: { name: '回电', due_at: next, opportunity: 'o1', customer: 'c1' },
    })
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  })

  it('reads what was written a moment before it is saved', async () => {
    const sent = await show({ object: 'customer', id: 'c1' })
    await type('上门拜访，3天后 回电')
    fireEvent.keyDown(await box(), { key: 'Enter', ctrlKey: true })
    fireEvent.keyDown(await box(), { key: 'Enter', ctrlKey: true })
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(sent).toHaveLength(1)
    expect(sent[0]?.body).toMatchObject({ kind: 'visit', next_step: '回电' })
    expect(Date.parse(String(sent[0]?.body.next_at))).toBeGreaterThan(Date.now())
  })

  it('makes the task with a key, once there is a moment for it', async () => {
    await show({ object: 'customer', id: 'c1' })
    await type('电话沟通')
    fireEvent.keyDown(await box(), { code: 'KeyT', altKey: true })
    await type('电话沟通，3天后 回电')
    const task = await screen.findByRole('switch')
    expect(task.getAttribute('aria-checked')).toBe('false')
    fireEvent.keyDown(await box(), { code: 'KeyT', altKey: true })
    expect(task.getAttribute('aria-checked')).toBe('true')
  })

  it('begins with whom it is about where that is not known', async () => {
    await show(undefined)
    const who = await screen.findByRole('combobox')
    await waitFor(() => expect(document.activeElement).toBe(who))
  })

  it('leaves a moment out that was taken away, until another is named', async () => {
    const sent = await show({ object: 'customer', id: 'c1' })
    await type('电话沟通，3天后 回电')
    fireEvent.click(await screen.findByRole('button', { name: '去掉下次联系' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: '去掉下次联系' })).toBeNull())
    await type('电话沟通，5天后 回电')
    expect(await screen.findByRole('button', { name: '去掉下次联系' })).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: '去掉下次联系' }))
    fireEvent.click(screen.getByRole('button', { name: /^保\s?存$/ }))
    await waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]?.body).not.toHaveProperty('next_at')
    expect(sent[0]?.body).not.toHaveProperty('next_step')
  })

  it('takes the kind from a key, and then from nothing else', async () => {
    await show({ object: 'customer', id: 'c1' })
    await type('微信上聊的')
    await waitFor(() => expect(chosen('消息')).toBe(true))
    fireEvent.keyDown(await box(), { key: '¡', code: 'Digit1', altKey: true })
    await waitFor(() => expect(chosen('电话')).toBe(true))
    await type('微信上聊的，发了邮件')
    expect(chosen('电话')).toBe(true)
  })

  it('does not save while an input method composes, nor nothing', async () => {
    const sent = await show({ object: 'customer', id: 'c1' })
    fireEvent.keyDown(await box(), { key: 'Enter', ctrlKey: true })
    await type('谈')
    fireEvent.keyDown(await box(), { key: 'Enter', ctrlKey: true, isComposing: true })
    expect(sent).toEqual([])
  })

  it('goes on where it stopped: the follow-up is not written twice', async () => {
    const sent = await show({ object: 'customer', id: 'c1' }, { refuse: ['/records/task'] })
    await type('电话沟通，3天后 回电')
    fireEvent.click(await screen.findByRole('switch'))
    fireEvent.click(screen.getByRole('button', { name: /^保\s?存$/ }))
    expect(await screen.findByText('跟进已保存，但任务没有建成')).toBeTruthy()
    expect(screen.getByText('这次不行')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: /继续保存/ }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(sent.map((s) => s.path)).toEqual(['/records/follow_up', '/records/task', '/records/task'])
  })

  it('keeps what was typed until it is saved', async () => {
    await show({ object: 'customer', id: 'c1' })
    await type('电话沟通')
    act(closeQuick)
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    act(() => openQuick({ object: 'customer', id: 'c1' }))
    expect(((await box()) as HTMLTextAreaElement).value).toBe('电话沟通')
  })

  it('asks whom it is about where it is opened from anywhere', async () => {
    await show(undefined)
    expect(await screen.findByRole('radio', { name: '客户' })).toBeTruthy()
    expect(screen.getByRole('radio', { name: '商机' })).toBeTruthy()
    await type('电话沟通')
    expect((screen.getByRole('button', { name: /^保\s?存$/ }) as HTMLButtonElement).disabled).toBe(true)
  })

  it('speaks English', async () => {
    await setLanguage('en-US')
    await show({ object: 'customer', id: 'c1' })
    fireEvent.change(await screen.findByRole('textbox', { name: 'What happened' }), {
      target: { value: 'Visited them, call back in 3 days' },
    })
    expect(await screen.findByRole('button', { name: 'Remove the next contact' })).toBeTruthy()
    expect((screen.getByRole('radio', { name: 'visit' }) as HTMLInputElement).checked).toBe(true)
  })
})

describe('who was in touch last', () => {
  it('is said before one writes, as a warning when a colleague was it just now', async () => {
    await show({ object: 'customer', id: 'c1' })
    const warning = await screen.findByRole('alert')
    expect(warning.textContent).toContain('李娜 打过电话')
    expect(warning.textContent).toContain('谈了报价')
    expect(warning.textContent).toContain('3 天内')
  })
  it('is no warning when it was oneself', async () => {
    await show({ object: 'customer', id: 'c1' }, { last: { last_contact_by: { id: 'u1', title: '张伟' } } })
    expect(await screen.findByText(/您 打过电话/)).toBeTruthy()
    expect(screen.queryByRole('alert')).toBeNull()
  })
  it.each([
    [ago(71), 'u2', true],
    [ago(73), 'u2', false],
    [ago(1), 'u1', false],
    [null, 'u2', false],
    [ago(1), undefined, false],
  ])('%s by %s', (at, who, warns) => expect(freshByOther(at, who, 'u1', now.getTime())).toBe(warns))
  it('has words for the shipped kinds, and one for all others', () => {
    expect(['call', 'visit', 'fax', null].map(verbOf)).toEqual(['call', 'visit', 'other', 'other'])
  })
})

describe('templates', () => {
  it('are put in with what they name', async () => {
    await show({ object: 'customer', id: 'c1' })
    await type('王总')
    fireEvent.click(screen.getByRole('button', { name: /模板/ }))
    fireEvent.click(await screen.findByText('未接通'))
    expect(((await box()) as HTMLTextAreaElement).value).toBe('王总\n电话未接通，明天上午再联系')
    expect(await screen.findByRole('button', { name: '去掉下次联系' })).toBeTruthy()
  })
  it('take nothing else for one, whatever the preference holds', () => {
    expect(templatesIn([{ name: 'a', text: 'b' }, { name: 'a' }, null, 3, { name: 'x', text: '' }])).toEqual([
      { name: 'a', text: 'b' },
    ])
    expect(templatesIn('nonsense')).toEqual([])
  })
})

describe('a visit', () => {
  const locate = (getCurrentPosition: (ok: PositionCallback, no: PositionErrorCallback) => void) =>
    Object.defineProperty(navigator, 'geolocation', { configurable: true, value: { getCurrentPosition } })
  const visit = async () => {
    await show({ object: 'customer', id: 'c1' })
    await type('上门拜访')
    return (await screen.findByRole('textbox', { name: '地点' })) as HTMLInputElement
  }
  it('has its place found when asked to, beside what was typed', async () => {
    const coords = { latitude: 31.230416, longitude: 121.473701, accuracy: 34.6 } as GeolocationCoordinates
    expect(coordinates(coords)).toBe('31.23042, 121.47370 (±35 m)')
    const place = await visit()
    const asked = vi.fn((ok: PositionCallback) => ok({ coords } as GeolocationPosition))
    locate(asked)
    expect(asked).not.toHaveBeenCalled()
    fireEvent.change(place, { target: { value: '人民广场' } })
    for (let i = 0; i < 2; i++) fireEvent.click(screen.getByRole('button', { name: /^定\s?位$/ }))
    await waitFor(() => expect(place.value).toBe('人民广场 31.23042, 121.47370 (±35 m)'))
  })
  it('says so when the browser may not tell', async () => {
    await visit()
    locate((_, no) => no({ code: 1 } as GeolocationPositionError))
    fireEvent.click(screen.getByRole('button', { name: /^定\s?位$/ }))
    expect(await screen.findByText(/没有获准使用位置/)).toBeTruthy()
  })
})
