import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { App } from 'antd'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import type { CalendarFeed } from '@/api/calendar'
import { keys, queryClient } from '@/api/queryClient'
import { startI18n } from '@/locales'
import { CalendarSettings } from './CalendarSettings'

// A machine that builds beside it is slow to draw whole pages.
configure({ asyncUtilTimeout: 8000 })
vi.setConfig({ testTimeout: 30_000 })

beforeAll(async () => {
  localStorage.setItem('guanxi:language', 'zh-CN')
  await startI18n()
})
afterEach(() => {
  cleanup()
  queryClient.clear()
  vi.unstubAllGlobals()
})

const address = 'https://crm.example.com/calendar/secret.ics'

function show(given: CalendarFeed, refuse = false) {
  const sent: string[] = []
  let now = given
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    const method = init.method ?? 'GET'
    const body = init.body ? String(init.body) : ''
    if (method !== 'GET') sent.push(`${method} ${body}`)
    if (refuse && method !== 'GET')
      return new Response(JSON.stringify({ title: 'no', detail: '现在不行', status: 403, code: 'x' }), {
        status: 403,
      })
    if (method === 'DELETE') {
      now = { created_at: null, whole: false }
      return new Response(null, { status: 204 })
    }
    if (body) now = { created_at: now.created_at ?? '2026-11-21T02:00:00Z', whole: JSON.parse(body).whole }
    return new Response(JSON.stringify(method === 'POST' ? { ...now, address } : now), {
      status: method === 'POST' ? 201 : 200,
      headers: { 'Content-Type': 'application/json' },
    })
  })
  queryClient.setQueryData(keys.catalogue, { objects: {}, modules: [], abilities: [] })
  queryClient.setQueryData(keys.session, null)
  render(
    <QueryClientProvider client={queryClient}>
      <App>
        <CalendarSettings />
      </App>
    </QueryClientProvider>,
  )
  return sent
}

it('shows the address once when it is made', async () => {
  const sent = show({ created_at: null, whole: false })
  fireEvent.click(await screen.findByRole('button', { name: '生成地址' }))
  const dialog = await screen.findByRole('dialog')
  expect(within(dialog).getByText(address)).toBeTruthy()
  fireEvent.click(within(dialog).getByRole('button', { name: '我已保存好' }))
  await waitFor(() => expect(screen.queryByText(address)).toBeNull())
  expect(await screen.findByRole('button', { name: '换新地址' })).toBeTruthy()
  expect(sent).toEqual(['POST {"whole":false}'])
})

it('adds tasks, renews and stops', async () => {
  const sent = show({ created_at: '2026-11-20T02:00:00Z', whole: false })
  fireEvent.click(await screen.findByRole('checkbox', { name: '同时包含有截止时间的任务' }))
  await waitFor(() => expect(screen.getByRole<HTMLInputElement>('checkbox').checked).toBe(true))
  fireEvent.click(screen.getByRole('button', { name: '换新地址' }))
  const ask = (await screen.findByText('换一个新地址？')).closest<HTMLElement>('.ant-popover')
  fireEvent.click(within(ask as HTMLElement).getByRole('button', { name: '换新地址' }))
  fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: '我已保存好' }))
  fireEvent.click(screen.getByRole('button', { name: /停\s*用/ }))
  const stop = (await screen.findByText('停用订阅地址？')).closest<HTMLElement>('.ant-popover')
  fireEvent.click(within(stop as HTMLElement).getByRole('button', { name: /停\s*用/ }))
  expect(await screen.findByRole('button', { name: '生成地址' })).toBeTruthy()
  expect(sent).toEqual(['PATCH {"whole":true}', 'POST {"whole":true}', 'DELETE '])
})

it('says why it did not work, and tells programs where to go', async () => {
  show({ created_at: null, whole: false }, true)
  fireEvent.click(await screen.findByRole('button', { name: '生成地址' }))
  expect(await screen.findByText('现在不行')).toBeTruthy()
  expect(screen.getByText(`${window.location.origin}/dav/`)).toBeTruthy()
  for (const name of ['iPhone、iPad、Mac', '安卓（DAVx⁵）', 'Thunderbird', 'Outlook、Google 日历'])
    expect(screen.getByText(name)).toBeTruthy()
})
