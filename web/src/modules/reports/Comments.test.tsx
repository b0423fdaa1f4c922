import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { App } from 'antd'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { keys, queryClient } from '@/api/queryClient'
import type { Catalogue, RecordData, Session } from '@/api/types'
import { startI18n } from '@/locales'
import { field, object } from '@/records/model/testkit'
import { Comments } from './Comments'

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

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
const lost = () => Promise.reject(new TypeError('Failed to fetch'))
const refused = () =>
  Promise.resolve(json({ title: '', status: 422, code: 'validation', detail: '太长了' }, 422))
const taken = () => Promise.resolve(json({ id: 'c1', version: 1, content: '辛苦了' }, 201))

/** The page with a comment typed; every answer to sending it comes from `answers`. Gives the keys under which it was sent. */
function typed(answers: (() => Promise<Response>)[]) {
  const comment = { ...object([field('content', 'long_text')]), name: 'report_comment', can: ['create'] }
  queryClient.setQueryData(keys.catalogue, {
    version: 't',
    workspace: { name: 'default', title: '测试', currency: 'CNY', time_zone: 'Asia/Shanghai' },
    abilities: [],
    modules: [],
    objects: { report_comment: comment },
  } as unknown as Catalogue)
  queryClient.setQueryData(keys.session, {
    user: { id: 'li', name: '李娜', login: 'lina', roles: ['member'], department: null },
    preferences: {},
  } as Session)
  const sent: (string | null)[] = []
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
    if (init.method !== 'POST') return Promise.resolve(json({ items: [], next: null }))
    sent.push(new Headers(init.headers).get('Idempotency-Key'))
    return (answers[sent.length - 1] ?? taken)()
  })
  render(
    <QueryClientProvider client={queryClient}>
      <App>
        <Comments report={{ id: 'r1', version: 1 } as RecordData} />
      </App>
    </QueryClientProvider>,
  )
  fireEvent.change(screen.getByRole('textbox'), { target: { value: '辛苦了' } })
  return sent
}
const send = () => fireEvent.click(screen.getByRole('button', { name: /发\s?表/ }))

it('sends a comment whose answer was lost again under the same key, so that it stands there once', async () => {
  const sent = typed([lost, taken])
  send()
  expect(await screen.findByText(/连不上服务器/)).toBeTruthy()
  send()
  await waitFor(() => expect(sent).toHaveLength(2))
  expect(sent[1]).toBe(sent[0])
  await waitFor(() => expect((screen.getByRole('textbox') as HTMLTextAreaElement).value).toBe(''))
})

it('sends what was refused and mended as another request', async () => {
  const sent = typed([refused, taken])
  send()
  expect(await screen.findByText('太长了')).toBeTruthy()
  send()
  await waitFor(() => expect(sent).toHaveLength(2))
  expect(sent[1]).not.toBe(sent[0])
})
