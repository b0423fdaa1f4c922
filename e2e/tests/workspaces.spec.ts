import type { Locator, Page } from '@playwright/test'
import { editorOf, expect, test, unique } from './support'

const nav = (page: Page): Locator => page.getByRole('navigation', { name: '主导航' })

/** The page of workspaces, and there the row of one. */
async function rowOf(page: Page, title: string): Promise<Locator> {
  await page.goto('/admin/workspaces')
  const row = page.getByRole('row').filter({ hasText: title })
  await expect(row).toBeVisible()
  return row
}

/** Makes a workspace on the page and gives the link that is shown once. */
async function make(page: Page, title: string, name: string): Promise<string> {
  await page.goto('/admin/workspaces')
  await page.getByRole('button', { name: '新建帐套' }).first().click()
  const dialog = page.getByRole('dialog', { name: '新建帐套' })
  await dialog.getByRole('textbox', { name: '名称' }).fill(title)
  await dialog.getByRole('textbox', { name: '代号' }).fill(name)
  await dialog.getByRole('button', { name: /^新\s?建$/ }).click()
  const shown = page.getByRole('dialog', { name: `“${title}”的设置链接` })
  await expect(shown.getByRole('alert')).toContainText('24 小时')
  const link = await shown.locator('code').innerText()
  await shown.getByRole('button', { name: '我已保存好' }).click()
  await expect(shown).toBeHidden()
  return link
}

async function setPassword(page: Page, link: string, password: string) {
  await page.goto(link)
  await page.getByLabel('新密码').fill(password)
  await page.getByLabel('再输一遍').fill(password)
  await page.getByRole('button', { name: '设置密码并登录' }).click()
  await expect(nav(page)).toBeVisible()
}

async function signIn(page: Page, login: string, password: string) {
  await page.getByLabel('账号').fill(login)
  await page.getByRole('textbox', { name: '密码' }).fill(password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
}

async function makeCustomer(page: Page, name: string): Promise<string> {
  await page.goto('/o/customer')
  await page.getByRole('button', { name: '新建客户' }).first().click()
  const form = page.getByRole('dialog', { name: '新建客户' })
  await form.getByRole('textbox', { name: /^客户名称/ }).fill(name)
  await form.getByRole('button', { name: '保存', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  return new URL(page.url()).pathname
}

/** The end of its event stream may have led the tab to the door before; then there is nothing left to write in. */
async function tryToWrite(tab: Page) {
  try {
    await tab.getByRole('button', { name: '修改发票抬头' }).press('Enter', { timeout: 5_000 })
    await editorOf(tab, 'invoice_title').fill('不该写入', { timeout: 5_000 })
    await tab.keyboard.press('Enter')
  } catch {
    await expect(tab).toHaveURL(/\/sign-in/)
  }
}

test('two workspaces on one server know nothing of each other', async ({ page, pageOf, api, server }) => {
  const mark = unique()
  const title = `华北${mark}`
  const name = `north_${mark}`
  const password = `north-${mark}-password`

  // The name is checked where it is typed.
  await page.goto('/admin/workspaces')
  await expect(page.getByRole('row').filter({ hasText: '主帐套' })).toBeVisible()
  await page.getByRole('button', { name: '新建帐套' }).first().click()
  const dialog = page.getByRole('dialog', { name: '新建帐套' })
  await dialog.getByRole('textbox', { name: '名称' }).fill(title)
  await dialog.getByRole('textbox', { name: '代号' }).fill('1-North')
  await dialog.getByRole('button', { name: /^新\s?建$/ }).click()
  await expect(dialog.getByText(/以字母开头/)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()

  const link = await make(page, title, name)
  expect(link).toContain(`workspace=${name}`)
  await expect(page.getByRole('row').filter({ hasText: title })).toContainText(name)

  // Its first administrator comes by the link, once.
  const north = await pageOf()
  await setPassword(north, link, password)
  await expect(north.getByRole('button', { name: new RegExp(title) })).toBeVisible()
  const again = await pageOf()
  await again.goto(link)
  await expect(again.getByRole('heading', { name: '链接已失效' })).toBeVisible()
  await expect(nav(north).getByRole('link', { name: '帐套' })).toHaveCount(0)
  await north.goto('/admin/workspaces')
  await expect(north.getByRole('alert')).toContainText('没有权限')

  // What he makes there, nobody finds at home: not the server's administrator, by no way.
  const customer = `北方客户${mark}`
  const place = await makeCustomer(north, customer)
  const own = await api.customer({ name: `总部客户${mark}` })
  await page.goto(place)
  await expect(page.getByRole('alert')).toContainText('找不到')
  await page.goto('/o/customer')
  await expect(page.getByRole('heading', { level: 1, name: '客户' })).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: '搜索与命令' }).fill(mark)
  await expect(page.getByRole('option', { name: new RegExp(String(own.name)) })).toBeVisible()
  await expect(page.getByText(customer)).toHaveCount(0)
  expect(await api.find('customer', ['name', 'contains', mark])).toHaveLength(1)
  await north.goto(`/o/customer/${own.id}`)
  await expect(north.getByRole('alert')).toContainText('找不到')

  // A second sign-in of his, by the name of his workspace; a wrong one is told like a wrong password.
  const other = await pageOf()
  await other.goto('/sign-in')
  await expect(other.getByText(title)).toHaveCount(0)
  await other.getByRole('button', { name: '登录其他帐套' }).click()
  await other.getByRole('textbox', { name: '帐套' }).fill(`no_such_${mark}`)
  await signIn(other, 'admin', password)
  await expect(other.getByRole('alert')).toContainText('帐套、账号或密码不对')
  await other.getByRole('textbox', { name: '帐套' }).fill(name)
  await signIn(other, 'admin', password)
  await expect(other.getByRole('button', { name: new RegExp(title) })).toBeVisible()
  await other.goto(place)
  await expect(other.getByRole('heading', { level: 1, name: customer })).toBeVisible()

  // It is remembered for the next time, in a tab of its own too.
  await other.getByRole('button', { name: new RegExp(title) }).click()
  await other.getByRole('menuitem', { name: '退出登录' }).click()
  const later = await other.context().newPage()
  await later.goto('/')
  await expect(later.getByRole('textbox', { name: '帐套' })).toHaveValue(name)

  // Archived, it is closed at once to those inside and to those who come.
  await (await rowOf(page, title)).getByRole('button', { name: `“${title}”的操作` }).click()
  await page.getByRole('menuitem', { name: '归档' }).click()
  const ask = page.getByRole('dialog').filter({ hasText: `归档“${title}”？` })
  await expect(ask).toContainText('数据原样保留')
  await ask.getByRole('button', { name: /^归\s?档$/ }).click()
  await expect(page.getByRole('row').filter({ hasText: title })).toContainText('已归档')
  await north.goto('/o/customer')
  await expect(north).toHaveURL(/\/sign-in/)
  await signIn(north, 'admin', password)
  await expect(north.getByRole('alert')).toContainText('帐套、账号或密码不对')
  const open = await fetch(`${server}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server },
    body: JSON.stringify({ login: 'admin', password, workspace: name }),
  })
  expect(open.status).toBe(401)
})

test('a tab of one workspace cannot write once somebody signed in to another beside it', async ({
  page,
  pageOf,
  api,
  server,
}) => {
  const mark = unique()
  const title = `西部${mark}`
  const name = `west_${mark}`
  const password = `west-${mark}-password`
  const link = await make(page, title, name)
  const tab = await pageOf()
  await setPassword(tab, link, password)
  const customer = `西部客户${mark}`
  const place = await makeCustomer(tab, customer)

  // Beside it somebody of the home workspace signs in, which replaces the session of the browser.
  const who = await api.person(`总部${mark}`)
  const beside = await tab.context().newPage()
  await beside.goto('/')
  await beside.getByRole('button', { name: new RegExp(title) }).click()
  await beside.getByRole('menuitem', { name: '切换帐套' }).click()
  await expect(beside.getByRole('button', { name: '不切换，返回' })).toBeVisible()
  await signIn(beside, who.login, who.password)
  await expect(nav(beside)).toBeVisible()
  await expect(beside.getByRole('button', { name: new RegExp(title) })).toHaveCount(0)

  // The first tab still shows the customer; every word of it is for the workspace it shows, so the server refuses.
  await tryToWrite(tab)
  await expect(tab).toHaveURL(/\/sign-in/)
  await expect(tab.getByRole('status').filter({ hasText: '其他帐套' })).toBeVisible()

  // It asks for its own workspace, and leads back to the same place, where nothing has changed.
  await expect(tab.getByRole('textbox', { name: '帐套' })).toHaveValue(name)
  await signIn(tab, 'admin', password)
  await expect(tab).toHaveURL(place)
  await expect(tab.getByRole('heading', { level: 1, name: customer })).toBeVisible()
  await expect(tab.getByText('不该写入')).toHaveCount(0)

  // And now the other tab is the one that may not.
  const own = await api.customer({ name: `总部客户${mark}`, owner: who.id })
  await beside.goto(`/o/customer/${own.id}`)
  await expect(beside).toHaveURL(/\/sign-in/)
  expect((await api.read('customer', own.id)).version).toBe(own.version)

  // Without the page's help neither: a request that names the other workspace is nobody's.
  const cookies = await tab.context().cookies()
  const forged = await fetch(`${server}/api/v1/records/customer/${own.id}`, {
    method: 'PATCH',
    headers: {
      'content-type': 'application/json',
      origin: server,
      cookie: cookies.map((c) => `${c.name}=${c.value}`).join('; '),
      'x-guanxi-workspace': await homeOf(api),
    },
    body: JSON.stringify({ invoice_title: '不该写入' }),
  })
  expect(forged.status).toBe(401)
})

/** What the home workspace is called. */
async function homeOf(api: { call<T>(method: string, path: string): Promise<T> }): Promise<string> {
  const { items } = await api.call<{ items: { name: string; home: boolean }[] }>('GET', '/workspaces')
  return items.find((w) => w.home)?.name ?? ''
}
