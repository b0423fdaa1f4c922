import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import Provider from 'oidc-provider'
import { expect, test, unique } from './support'

test.use({ viewer: 'nobody' })

let server: Server
let issuer: string

/** A real provider, which believes everybody's name. */
test.beforeAll(async ({ server: page, api }) => {
  server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'guanxi',
        client_secret: 'a secret of the tests',
        redirect_uris: [`${page}/api/v1/oidc/callback`],
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, name: `统一${id}`, preferred_username: id }),
    }),
    // Signed anew with each start, as the sessions are.
    cookies: { keys: ['e2e'] },
  })
  server.on('request', provider.callback())
  await api.call('PATCH', '/sign-in/oidc', {
    enabled: true,
    issuer,
    client_id: 'guanxi',
    client_secret: 'a secret of the tests',
    page,
    label: '公司账号',
    create: true,
    link: 'none',
  })
})

test.afterAll(async ({ api }) => {
  await api.call('PATCH', '/sign-in/oidc', { enabled: false })
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
})

async function signInThere(page: Page, name: string) {
  await page.getByPlaceholder('Enter any login').fill(name)
  await page.getByPlaceholder('and password').fill('anything')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
}

async function signOut(page: Page, name: string) {
  await page.getByRole('button', { name }).click()
  await page.getByRole('menuitem', { name: '退出登录' }).click()
  await expect(page).toHaveURL(/\/sign-in/)
}

test('somebody new is made a user, and comes back as the same', async ({ page, api }) => {
  const login = `e2e-${unique()}`
  await page.goto('/o/customer')
  const back = page.waitForRequest(/\/oidc\/callback\?/)
  await page.getByRole('link', { name: '使用公司账号登录' }).click()
  await signInThere(page, login)
  const callback = (await back).url()
  await expect(page).toHaveURL('/o/customer')
  const [user] = await api.find('user', ['login', '=', login])
  expect(user?.name).toBe(`统一${login}`)

  // The same return once more is refused, and so is one that nobody began.
  await signOut(page, `统一${login}`)
  await page.goto(callback)
  await expect(page.getByRole('alert')).toContainText('登录请求无效')
  await page.goto('/api/v1/oidc/callback?state=forged&code=forged')
  await expect(page.getByRole('alert')).toContainText('登录请求无效')

  // The provider remembers him; nobody is asked again, and nobody is made twice.
  await page.getByRole('link', { name: '使用公司账号登录' }).click()
  await expect(page.getByRole('navigation', { name: '主导航' })).toBeVisible()
  expect(await api.find('user', ['login', '=', login])).toHaveLength(1)
  const log = await api.find('access_event', ['kind', '=', 'oidc_refused'])
  // The log holds the first of an hour from one address.
  expect(log.length).toBeGreaterThanOrEqual(1)
})

test('a login that somebody has is not given away, but he links it himself', async ({ page, pageOf, api }) => {
  const who = await api.person(`关联${unique()}`, 'member')
  await page.goto('/sign-in')
  await page.getByRole('link', { name: '使用公司账号登录' }).click()
  await signInThere(page, who.login)
  await expect(page.getByRole('alert')).toContainText('没有对应的用户')

  const own = await pageOf(who)
  await own.goto('/account')
  const card = own.getByRole('region', { name: '统一登录' })
  await card.getByRole('button', { name: '关联' }).click()
  await signInThere(own, `sso-${who.login}`)
  await expect(own).toHaveURL('/account')
  await expect(card.getByText('关联于')).toBeVisible()
  await signOut(own, who.name)
  await own.getByRole('link', { name: '使用公司账号登录' }).click()
  await expect(own.getByRole('heading', { level: 1 })).toContainText(who.name)

  await own.goto('/account')
  await card.getByRole('button', { name: '取消关联' }).click()
  await own.getByRole('tooltip').getByRole('button', { name: '取消关联' }).click()
  await expect(card.getByRole('button', { name: '关联', exact: true })).toBeVisible()
})
