import { QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { App } from 'antd'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import type { NotificationSettings as Settings } from '@/api/notifications'
import { keys, queryClient } from '@/api/queryClient'
import { startI18n } from '@/locales'
import { NotificationSettings } from './NotificationSettings'

const settings = (more: Partial<Settings> = {}): Settings => ({
  mail_available: true,
  email: 'lina@example.com',
  kinds: [
    { kind: 'assigned', label: '分配给我', group: { name: '', label: '' }, in_app: true, mail: 'none' },
    {
      kind: 'customer.contact_due',
      label: '该联系客户',
      group: { name: 'customer', label: '客户' },
      in_app: true,
      mail: 'none',
    },
    {
      kind: 'customer.recycled',
      label: '客户已回收',
      group: { name: 'customer', label: '客户' },
      in_app: true,
      mail: 'daily',
    },
  ],
  ...more,
})

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

async function show(given: Settings, { admin = false, refuse = false } = {}) {
  const sent: unknown[] = []
  let now = given
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    if (init.method === 'PATCH') {
      if (refuse)
        return new Response(JSON.stringify({ title: 'no', detail: '现在不行', status: 422, code: 'x' }), {
          status: 422,
        })
      const { kinds } = JSON.parse(String(init.body))
      sent.push(kinds)
      now = { ...now, kinds: now.kinds.map((k) => ({ ...k, ...kinds[k.kind] })) }
    }
    return new Response(JSON.stringify(now), { headers: { 'Content-Type': 'application/json' } })
  })
  queryClient.setQueryData(keys.catalogue, {
    objects: {},
    modules: [],
    abilities: admin ? ['administer'] : [],
  })
  queryClient.setQueryData(keys.session, null)
  const router = createRouter({
    routeTree: createRootRoute({ component: NotificationSettings }),
    history: createMemoryHistory({ initialEntries: ['/'] }),
  })
  await router.load()
  render(
    <QueryClientProvider client={queryClient}>
      <App>
        {/* biome-ignore lint/suspicious/noExplicitAny: the page's own routes are registered, these are the test's */}
        <RouterProvider router={router as any} />
      </App>
    </QueryClientProvider>,
  )
  return sent
}

it('switches one kind, and all kinds of an object', async () => {
  const sent = await show(settings())
  expect(await screen.findByText('邮件发送到 lina@example.com。')).toBeTruthy()
  fireEvent.click(screen.getByRole('switch', { name: '分配给我：站内' }))
  await waitFor(() => expect(sent).toEqual([{ assigned: { in_app: false } }]))
  fireEvent.click(screen.getByRole('switch', { name: '“客户”全部：站内' }))
  await waitFor(() =>
    expect(sent[1]).toEqual({
      'customer.contact_due': { in_app: false },
      'customer.recycled': { in_app: false },
    }),
  )
  fireEvent.mouseDown(screen.getByRole('combobox', { name: '该联系客户：邮件' }))
  fireEvent.click((await screen.findAllByText('每日汇总')).at(-1) as HTMLElement)
  await waitFor(() => expect(sent[2]).toEqual({ 'customer.contact_due': { mail: 'daily' } }))
})

it('takes back what the server refuses, with its words', async () => {
  await show(settings(), { refuse: true })
  const toggle = await screen.findByRole('switch', { name: '分配给我：站内' })
  fireEvent.click(toggle)
  expect(await screen.findByText('现在不行')).toBeTruthy()
  await waitFor(() => expect(toggle.getAttribute('aria-checked')).toBe('true'))
})

it('says why no mail can be sent, and to an administrator what to do', async () => {
  await show(settings({ mail_available: false }))
  expect(await screen.findByText(/管理员还没有设置发件服务器/)).toBeTruthy()
  expect(screen.queryByRole('link', { name: '去设置' })).toBeNull()
  const mail = screen.getByRole('combobox', { name: '分配给我：邮件' }) as HTMLInputElement
  expect(mail.disabled).toBe(true)
  cleanup()
  queryClient.clear()
  await show(settings({ mail_available: false }), { admin: true })
  expect((await screen.findByRole('link', { name: '去设置' })).getAttribute('href')).toBe(
    '/admin/notifications',
  )
  cleanup()
  queryClient.clear()
  await show(settings({ email: null }))
  expect(await screen.findByText(/没有邮箱地址/)).toBeTruthy()
})
