import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, configure, fireEvent, render, screen } from '@testing-library/react'
import { App } from 'antd'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { keys, queryClient } from '@/api/queryClient'
import type { Catalogue, ObjectDef, RecordData } from '@/api/types'
import { startI18n } from '@/locales'
import { field, object } from '../model/testkit'
import { InlineEdit } from './InlineEdit'
import { Saver } from './Saver'

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

const address = field('address', 'text', { label: { zh: '详细地址', en: 'Address' } })
const customer = { ...object([address]), can: ['update'] } as ObjectDef
const record: RecordData = { id: 'c1', version: 1, address: '人民路 1 号', _can: ['update'] }

function show(answer: () => Promise<Response>) {
  queryClient.setQueryData(keys.catalogue, {
    version: 't',
    workspace: { name: 'default', title: '测试', currency: 'CNY', time_zone: 'Asia/Shanghai' },
    abilities: [],
    modules: [],
    objects: { [customer.name]: customer },
  } as unknown as Catalogue)
  queryClient.setQueryData(keys.session, null)
  vi.stubGlobal('fetch', answer)
  render(
    <QueryClientProvider client={queryClient}>
      <App>
        <Saver object={customer}>
          <InlineEdit object={customer} field={address} record={record} />
        </Saver>
      </App>
    </QueryClientProvider>,
  )
  fireEvent.click(screen.getByRole('button', { name: /详细地址/ }))
  fireEvent.change(screen.getByRole('textbox'), { target: { value: '学士路 9 号' } })
  fireEvent.keyDown(screen.getByRole('textbox'), { key: 'Enter', keyCode: 13 })
}

it.each([
  ['without a network', /连不上服务器/, () => Promise.reject<Response>(new TypeError('Failed to fetch'))],
  [
    'when the server fails',
    /出了差错/,
    () =>
      Promise.resolve(
        new Response(JSON.stringify({ title: '', status: 500, code: 'internal', detail: '服务器出了差错' }), {
          status: 500,
        }),
      ),
  ],
] as const)('keeps what was typed %s, and says why it is not saved', async (_, words, answer) => {
  show(answer)
  expect(await screen.findByText(words)).toBeTruthy()
  expect((screen.getByRole('textbox') as HTMLInputElement).value).toBe('学士路 9 号')
})
