import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { App } from 'antd'
import dayjs from 'dayjs'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { keys, queryClient } from '@/api/queryClient'
import type { ObjectDef } from '@/api/types'
import { startI18n } from '@/locales'
import { field, object } from '@/records/model/testkit'
import { setTimeZone, wallClock } from '@/ui/time'
import { type Editing, EventEditor } from './EventEditor'

const event: ObjectDef = {
  ...object([
    field('title', 'text', { label: { zh: '主题', en: 'Title' }, max_length: 200 }),
    field('starts_at', 'datetime', { label: { zh: '开始', en: 'Starts' } }),
    field('ends_at', 'datetime', { label: { zh: '结束', en: 'Ends' } }),
  ]),
  name: 'event',
  title: 'title',
}
const times = { start: '2026-11-25T01:00:00.000Z', end: '2026-11-25T02:30:00.000Z' }

// The reader of dates is fetched with the first text, and then waits for a pause.
configure({ asyncUtilTimeout: 8000 })

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
  setTimeZone('Asia/Shanghai')
})
afterEach(() => {
  cleanup()
  queryClient.clear()
  localStorage.clear()
  vi.unstubAllGlobals()
})

async function show(more: Partial<Extract<Editing, { kind: 'new' }>> = { open: true }) {
  const sent: Record<string, unknown>[] = []
  vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
    if (init.method === 'POST') sent.push(JSON.parse(String(init.body)))
    return new Response(JSON.stringify({ id: 'e1', version: 1, items: [], next: null }), {
      headers: { 'Content-Type': 'application/json' },
    })
  })
  queryClient.setQueryData(keys.catalogue, { objects: { event }, modules: [], abilities: [], workspace: {} })
  queryClient.setQueryData(keys.session, {
    user: { id: 'u1', name: '张伟', login: 'zw', roles: [], department: null },
    preferences: {},
  })
  const made = vi.fn()
  render(
    <QueryClientProvider client={queryClient}>
      <App>
        <EventEditor
          object={event}
          editing={{ kind: 'new', ...times, allDay: false, ...more }}
          onClose={() => {}}
          onMade={made}
        />
      </App>
    </QueryClientProvider>,
  )
  const title = await screen.findByRole('textbox', { name: /主题/ })
  const write = (text: string) => fireEvent.change(title, { target: { value: text } })
  const save = () => fireEvent.submit(screen.getByRole('form'))
  return { sent, made, write, save }
}
const starts = () => (screen.getByRole('textbox', { name: '开始' }) as HTMLInputElement).value
const tomorrow = () => wallClock(new Date().toISOString()).add(1, 'day').format('YYYY-MM-DD')

it('takes the time from the words of the title, which then says the rest', async () => {
  const { sent, made, write, save } = await show()
  write('明天下午三点 拜访王总')
  await waitFor(() => expect(starts()).toBe(`${tomorrow()} 15:00`))
  save()
  await waitFor(() => expect(made).toHaveBeenCalled())
  expect(sent[0]?.title).toBe('拜访王总')
  // As long as the one it stands for.
  expect(dayjs(String(sent[0]?.ends_at)).diff(String(sent[0]?.starts_at), 'minute')).toBe(90)
  expect(wallClock(made.mock.calls[0]?.[0]).format('YYYY-MM-DD HH:mm')).toBe(`${tomorrow()} 15:00`)
})

it('reads also what was typed the moment before it is saved', async () => {
  const { sent, write, save } = await show()
  write('明天下午三点 拜访王总')
  save()
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(wallClock(String(sent[0]?.starts_at)).format('YYYY-MM-DD HH:mm')).toBe(`${tomorrow()} 15:00`)
})

it('keeps its time when told so, and the whole title with it', async () => {
  const { sent, write, save } = await show()
  write('明天下午三点 拜访王总')
  fireEvent.click(await screen.findByRole('button', { name: '不按文字定时间' }))
  await waitFor(() => expect(screen.queryByRole('button', { name: '不按文字定时间' })).toBeNull())
  save()
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(sent[0]).toMatchObject({
    title: '明天下午三点 拜访王总',
    starts_at: times.start,
    ends_at: times.end,
  })
})

it('reads nothing where the time was chosen in the schedule', async () => {
  const { sent, write, save } = await show({})
  write('讨论明天下午三点的拜访')
  save()
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(sent[0]).toMatchObject({ title: '讨论明天下午三点的拜访', starts_at: times.start })
})
