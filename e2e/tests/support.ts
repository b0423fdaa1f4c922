import { test as base, type BrowserContext, type BrowserContextOptions, expect, type Locator, type Page } from '@playwright/test'

export { expect }

const ADMIN = { login: 'admin', password: 'e2e-admin-password' }
export const MEMBER = { login: 'e2e-member', password: 'e2e-member-password' }

export interface Data {
  id: string
  version: number
  [field: string]: unknown
}

export interface Person {
  id: string
  name: string
  login: string
  password: string
}

type Cookies = Parameters<BrowserContext['addCookies']>[0]

/** Letters no other record has, so that a test finds its own records and nobody else's, also when it is repeated. */
export function unique(): string {
  const letters = 'bcdfghjkmnpqrstvwxz'
  return Array.from({ length: 7 }, () => letters[Math.floor(Math.random() * letters.length)]).join('')
}

export function uniquePhone(): string {
  return `139${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`
}

/** A program with an administrator's token: it makes what a test works on, and tells what really was saved. */
export class Api {
  constructor(
    readonly base: string,
    private readonly token: string,
  ) {}

  async call<T = Data>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.base}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  /** Made whatever it looks like: the warning about duplicates is the subject of one test only. */
  create(object: string, values: Record<string, unknown>): Promise<Data> {
    return this.call('POST', `/records/${object}?allow_duplicate=true`, values)
  }

  read(object: string, id: string): Promise<Data> {
    return this.call('GET', `/records/${object}/${id}`)
  }

  update(object: string, id: string, values: Record<string, unknown>): Promise<Data> {
    return this.call('PATCH', `/records/${object}/${id}`, values)
  }

  async find(object: string, filter: unknown): Promise<Data[]> {
    const query = new URLSearchParams({ filter: JSON.stringify(filter), limit: '200' })
    return (await this.call<{ items: Data[] }>('GET', `/records/${object}?${query}`)).items
  }

  customer(values: Record<string, unknown> & { name: string }): Promise<Data> {
    return this.create('customer', values)
  }

  async stage(name: string): Promise<Data> {
    const [stage] = await this.find('stage', ['name', '=', name])
    if (!stage) throw new Error(`no stage ${name}`)
    return stage
  }

  /** Somebody of the test's own: what he prefers and opens concerns no other test. */
  async person(name: string, role: 'administrator' | 'manager' | 'member' = 'administrator'): Promise<Person> {
    const login = `e2e-${unique()}`
    const password = `${login}-password`
    const user = await this.create('user', { name, login, roles: [role] })
    await this.call('POST', `/records/user/${user.id}/actions/set_password`, { password })
    return { id: user.id, name, login, password }
  }
}

/** Signs in without the form and gives the session's cookie. */
export async function sessionOf(baseURL: string, who: { login: string; password: string }): Promise<Cookies> {
  const answer = await fetch(`${baseURL}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: baseURL },
    body: JSON.stringify({ login: who.login, password: who.password }),
  })
  if (!answer.ok) throw new Error(`sign-in of ${who.login}: ${answer.status} ${await answer.text()}`)
  const [pair] = (answer.headers.get('set-cookie') ?? '').split(';')
  const at = pair?.indexOf('=') ?? -1
  if (!pair || at < 1) throw new Error('sign-in gave no cookie')
  return [{ name: pair.slice(0, at), value: pair.slice(at + 1), url: baseURL, httpOnly: true, sameSite: 'Lax' }]
}

interface TestFixtures {
  /** Who is signed in when the page opens. */
  viewer: 'admin' | 'member' | 'nobody'
  /** A browser of its own for another person, or for somebody who has yet to sign in. */
  pageOf(who?: { login: string; password: string }, more?: BrowserContextOptions): Promise<Page>
}

interface WorkerFixtures {
  server: string
  sessions: { admin: Cookies; member: Cookies }
  api: Api
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures needed from this pattern
    async ({}, use, info) => {
      await use(String(info.project.use.baseURL))
    },
    { scope: 'worker' },
  ],
  sessions: [
    async ({ server }, use) => {
      await use({ admin: await sessionOf(server, ADMIN), member: await sessionOf(server, MEMBER) })
    },
    { scope: 'worker' },
  ],
  api: [
    async ({ server, sessions }, use) => {
      const [cookie] = sessions.admin
      const answer = await fetch(`${server}/api/v1/tokens`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          origin: server,
          cookie: `${cookie?.name}=${cookie?.value}`,
        },
        body: JSON.stringify({ name: 'e2e' }),
      })
      const { token } = (await answer.json()) as { token: string }
      await use(new Api(server, token))
    },
    { scope: 'worker' },
  ],
  viewer: ['admin', { option: true }],
  context: async ({ context, viewer, sessions }, use) => {
    if (viewer !== 'nobody') await context.addCookies(sessions[viewer])
    await use(context)
  },
  pageOf: async ({ browser, server }, use) => {
    const opened: BrowserContext[] = []
    await use(async (who, more) => {
      const context = await browser.newContext({
        baseURL: server,
        locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai',
        viewport: { width: 1440, height: 900 },
        reducedMotion: 'reduce',
        ...more,
      })
      opened.push(context)
      if (who) await context.addCookies(await sessionOf(server, who))
      return context.newPage()
    })
    await Promise.all(opened.map((context) => context.close()))
  },
})

/** The address of a list that shows only what a filter lets through. */
export function listAddress(object: string, filter: unknown, more: Record<string, string> = {}): string {
  return `/o/${object}?${new URLSearchParams({ filter: JSON.stringify(filter), ...more })}`
}

export async function openRecord(page: Page, object: string, record: Data): Promise<void> {
  await page.goto(`/o/${object}/${record.id}`)
  await expect(page.getByRole('heading', { level: 1, name: String(record.name) })).toBeVisible()
}

/** The editor open over a value; its label is the value's place, so it is known by its id. */
export function editorOf(page: Page, field: string): Locator {
  return page.locator(`input[id^="edit-"][id$="-${field}"]`)
}

/** Picks an option of Ant Design's select, whose list hangs at the end of the document. */
export async function choose(page: Page, select: Locator, option: string): Promise<void> {
  await select.click()
  await page
    .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option')
    .filter({ hasText: option })
    .first()
    .click()
}

/** The rows of a list that hold records, in the order one reads them. */
export function rowNames(page: Page): Locator {
  return page.getByRole('grid').getByRole('row').locator('a[href^="/o/"]:first-of-type')
}

/** The answer of the server to a change, so that a reload comes after it and not before. */
export function saved(page: Page, object: string, method = 'PATCH') {
  return page.waitForResponse(
    (r) => r.request().method() === method && r.url().includes(`/api/v1/records/${object}`) && r.ok(),
  )
}
