import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { App } from 'antd'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Robot } from '@/api/channels'
import { keys, queryClient } from '@/api/queryClient'
import { startI18n } from '@/locales'
import { ChannelsPage } from './ChannelsPage'
import { type RobotValues, robotChanges } from './robot'

const robot: Robot = {
  id: 'r1',
  name: '销售群',
  format: 'wecom',
  url: 'https://qyapi.weixin.qq.com/…?key=****',
  secret: true,
  kinds: ['assigned', 'gone.kind'],
  departments: [],
  active: true,
}
const mail = {
  enabled: false,
  host: 'smtp.example.com',
  port: 465,
  security: 'tls',
  user: 'crm',
  password: true,
  from: 'Guanxi <crm@example.com>',
  page_address: 'https://crm.example.com',
}
const failed = {
  id: 'd1',
  channel: 'mail',
  robot: null,
  to: '张伟',
  state: 'failed',
  attempts: 5,
  error: '550 mailbox unavailable',
  created_at: '2026-11-22T01:00:00Z',
  due_at: '2026-11-22T02:00:00Z',
  sent_at: null,
}

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

interface Sent {
  method: string
  path: string
  body: Record<string, unknown>
}

function show(refusals: Record<string, object> = {}, may = true) {
  const sent: Sent[] = []
  vi.stubGlobal('fetch', async (address: string, init: RequestInit) => {
    const path = address.replace('/api/v1', '')
    const method = init.method ?? 'GET'
    if (method !== 'GET') sent.push({ method, path, body: init.body ? JSON.parse(String(init.body)) : {} })
    const refusal = method === 'GET' ? undefined : refusals[`${method} ${path}`]
    if (refusal)
      return new Response(JSON.stringify({ title: '不行', status: 422, ...refusal }), { status: 422 })
    const answer = path.startsWith('/mail')
      ? mail
      : path.startsWith('/robots')
        ? method === 'GET'
          ? { items: [robot] }
          : robot
        : path.startsWith('/notifications/kinds')
          ? { items: [{ kind: 'assigned', label: '分配给我', group: { name: '', label: '' } }] }
          : { items: path.includes('state=failed') ? [failed] : [], next: null, waiting: 0, failed: 1 }
    return new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'application/json' } })
  })
  queryClient.setQueryData(keys.catalogue, { objects: {}, modules: [], abilities: may ? ['administer'] : [] })
  queryClient.setQueryData(keys.session, null)
  render(
    <QueryClientProvider client={queryClient}>
      <App>
        <ChannelsPage />
      </App>
    </QueryClientProvider>,
  )
  return sent
}

describe('the mail server', () => {
  it('is saved without touching the password that is kept; the usual port goes along', async () => {
    const sent = show()
    const host = await screen.findByRole('textbox', { name: '服务器' })
    fireEvent.change(host, { target: { value: 'smtp.qq.com' } })
    fireEvent.mouseDown(screen.getByRole('combobox', { name: '加密方式' }))
    fireEvent.click((await screen.findAllByText('STARTTLS')).at(-1) as HTMLElement)
    fireEvent.click(screen.getByRole('button', { name: /^保\s?存$/ }))
    await waitFor(() => expect(sent[0]?.method).toBe('PATCH'))
    expect(sent[0]?.body).toMatchObject({ host: 'smtp.qq.com', security: 'starttls', port: 587 })
    expect(sent[0]?.body).not.toHaveProperty('password')
    expect(sent[0]?.body).not.toHaveProperty('forget')
  })
  it('removes the password only when told to, and says beside a field what is wrong', async () => {
    const sent = show({
      'PATCH /mail': { code: 'invalid', errors: [{ field: 'from', code: 'invalid', message: '发件人不对' }] },
    })
    fireEvent.click(await screen.findByRole('checkbox', { name: '清除已保存的密码' }))
    fireEvent.click(screen.getByRole('button', { name: /^保\s?存$/ }))
    await waitFor(() => expect(sent[0]?.body.password).toBe(''))
    expect(await screen.findByText('发件人不对')).toBeTruthy()
  })
  it('tells the server’s own words when the test fails', async () => {
    const sent = show({ 'POST /mail/test': { code: 'mail_failed', detail: '535 authentication failed' } })
    fireEvent.change(await screen.findByRole('textbox', { name: '收件地址' }), {
      target: { value: 'a@b.cn' },
    })
    fireEvent.click(screen.getByRole('button', { name: /^发\s?送$/ }))
    expect((await screen.findByRole('alert')).textContent).toContain('535 authentication failed')
    expect(sent[0]?.body).toEqual({ to: 'a@b.cn' })
  })
})

describe('robots', () => {
  const values: RobotValues = {
    name: ' 群 ',
    format: 'dingtalk',
    url: ' https://x ',
    secret: '',
    forget: false,
    kinds: ['assigned'],
    departments: [],
    active: true,
  }
  it('keep address and secret that are not typed anew', () => {
    expect(robotChanges(undefined, values)).toEqual({
      name: '群',
      format: 'dingtalk',
      url: 'https://x',
      kinds: ['assigned'],
      departments: [],
      active: true,
    })
    const kept = robotChanges(robot, { ...values, url: '' })
    expect(kept).not.toHaveProperty('url')
    expect(kept).not.toHaveProperty('secret')
    expect(robotChanges(robot, { ...values, secret: 's' }).secret).toBe('s')
    expect(robotChanges(robot, { ...values, forget: true }).secret).toBe('')
    expect(robotChanges({ ...robot, secret: false }, { ...values, forget: true })).not.toHaveProperty(
      'secret',
    )
  })
  it('are switched off, tried and edited in place', async () => {
    const sent = show({ 'POST /robots/r1/test': { code: 'robot_failed', detail: 'invalid webhook url' } })
    fireEvent.click(await screen.findByRole('switch', { name: '启用“销售群”' }))
    await waitFor(() =>
      expect(sent[0]).toMatchObject({ method: 'PATCH', path: '/robots/r1', body: { active: false } }),
    )
    fireEvent.click(screen.getByRole('button', { name: /^测\s?试$/ }))
    expect((await screen.findByRole('alert')).textContent).toContain('invalid webhook url')
    fireEvent.click(screen.getByRole('button', { name: '销售群' }))
    const drawer = within(await screen.findByRole('dialog'))
    // A kind that no definition knows any more can still be taken out.
    expect(drawer.getByText('gone.kind')).toBeTruthy()
    fireEvent.change(drawer.getByRole('textbox', { name: '名称' }), { target: { value: '销售二群' } })
    fireEvent.click(drawer.getByRole('button', { name: /^保\s?存$/ }))
    await waitFor(() => expect(sent.at(-1)?.body).toMatchObject({ name: '销售二群' }))
    expect(sent.at(-1)?.body).not.toHaveProperty('url')
  })
  it('need a name, an address and something to tell', async () => {
    const sent = show()
    fireEvent.click(await screen.findByRole('button', { name: /添加机器人/ }))
    const drawer = within(await screen.findByRole('dialog'))
    fireEvent.click(drawer.getByRole('button', { name: /^保\s?存$/ }))
    for (const words of ['请填写名称', '请填写 Webhook 地址', '请至少选择一个事件'])
      expect(await drawer.findByText(words)).toBeTruthy()
    expect(sent).toEqual([])
  })
})

describe('deliveries', () => {
  it('say what failed and why, and are sent again', async () => {
    const sent = show()
    fireEvent.click(await screen.findByRole('radio', { name: '失败 1' }))
    const row = (await screen.findByText('550 mailbox unavailable')).closest('li') as HTMLElement
    expect(row.textContent).toContain('邮件 → 张伟')
    expect(row.textContent).toContain('已尝试 5 次')
    fireEvent.click(within(row).getByRole('button', { name: '重新发送给张伟' }))
    await waitFor(() => expect(sent[0]).toMatchObject({ method: 'POST', path: '/deliveries/d1/retry' }))
  })
  it('are for administrators only', async () => {
    show({}, false)
    expect(await screen.findByText('您没有权限查看')).toBeTruthy()
  })
})
