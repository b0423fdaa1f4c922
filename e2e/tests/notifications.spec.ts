import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, openRecord, test, unique } from './support'

/** The one that is seen: the other stands in the header of a phone, or beside it. */
const bell = (page: Page, unread?: number) =>
  page.getByRole('button', { name: unread === undefined ? /^通知/ : unread === 0 ? '通知' : `通知，${unread} 条未读`, exact: unread === 0 })

const panel = (page: Page) => page.getByRole('dialog', { name: '通知' })
/** A notification itself, not the button beside it that marks it. */
const row = (page: Page, text: string | RegExp) =>
  panel(page).locator('[data-notification]').filter({ hasText: text })

async function serious(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze()
  return violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.id} at ${v.nodes[0]?.target} · ${v.nodes[0]?.html.slice(0, 200)}`)
}

test('whoever is given a customer is told at once, and goes there with the keyboard', async ({ api, pageOf }) => {
  const mark = unique()
  const person = await api.person(`受让${mark}`, 'member')
  const customer = await api.customer({ name: `分到${mark}` })

  const page = await pageOf(person)
  const listening = page.waitForResponse((answer) => new URL(answer.url()).pathname.endsWith('/events'))
  await page.goto('/')
  await expect(bell(page, 0)).toBeVisible()
  await listening
  await api.update('customer', customer.id, { owner: person.id })
  // Live: nothing is asked for anew.
  await expect(bell(page, 1)).toBeVisible({ timeout: 20_000 })
  await expect(page).toHaveTitle(/^\(1\) /)
  await expect(page.getByTestId('news')).toContainText('新通知')

  await page.keyboard.press('i')
  await expect(panel(page)).toBeVisible()
  await expect(row(page, String(customer.name))).toContainText('分配给你')
  await expect(panel(page).getByRole('heading', { name: '今天' })).toBeVisible()
  await page.keyboard.press('j')
  await expect(row(page, String(customer.name))).toBeFocused()
  await page.keyboard.press('e')
  await expect(panel(page).getByRole('button', { name: `标为未读 ${customer.name}` })).toBeVisible()
  await expect(page).not.toHaveTitle(/^\(/)
  await page.keyboard.press('e')
  await expect(panel(page).getByRole('button', { name: `标为已读 ${customer.name}` })).toBeVisible()

  await page.keyboard.press('Escape')
  await expect(panel(page)).toBeHidden()
  await bell(page, 1).click()
  await row(page, String(customer.name)).click()
  await expect(page.getByRole('heading', { level: 1, name: String(customer.name) })).toBeVisible()
  await expect(panel(page)).toBeHidden()
  await expect(bell(page, 0)).toBeVisible()
})

test('all are marked read at once, and unread again', async ({ api, pageOf }) => {
  const mark = unique()
  const person = await api.person(`多条${mark}`, 'member')
  for (const name of ['甲', '乙']) {
    const { id } = await api.customer({ name: `${name}${mark}` })
    await api.update('customer', id, { owner: person.id })
  }
  const page = await pageOf(person)
  await page.goto('/')
  await expect(bell(page)).toHaveAttribute('aria-label', /条未读$/, { timeout: 20_000 })
  await bell(page).click()
  await expect(row(page, mark).first()).toBeVisible()
  const unread = await panel(page).getByRole('button', { name: /^标为已读/ }).count()
  await panel(page).getByRole('button', { name: '全部已读' }).click()
  await expect(panel(page).getByRole('button', { name: /^标为已读/ })).toHaveCount(0)
  await page.getByRole('button', { name: /^撤\s?销$/ }).click()
  await expect(panel(page).getByRole('button', { name: /^标为已读/ })).toHaveCount(unread)

  await panel(page).getByRole('tab', { name: /^未读/ }).click()
  await expect(row(page, mark).first()).toBeVisible()
  // It asks which they are, then tells the server; only then is there something to find again.
  const told = page.waitForResponse((r) => r.url().endsWith('/notifications/read') && r.request().method() === 'POST')
  await panel(page).getByRole('button', { name: '全部已读' }).click()
  expect((await told).ok()).toBe(true)
  await page.reload()
  await bell(page, 0).click()
  await panel(page).getByRole('tab', { name: '未读' }).click()
  await expect(panel(page).getByText('都看完了')).toBeVisible()
})

test('a colleague is mentioned behind an @ and told', async ({ api, page, pageOf }) => {
  const mark = unique()
  const person = await api.person(`提及${mark}`, 'member')
  const customer = await api.customer({ name: `说到${mark}`, owner: person.id })

  await openRecord(page, 'customer', customer)
  const box = page.getByRole('form', { name: '写跟进' }).getByRole('textbox').first()
  await box.click()
  await box.pressSequentially(`请@${mark}`)
  const options = page.getByRole('listbox', { name: '提到同事' })
  await expect(options.getByRole('option').filter({ hasText: person.name })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(box).toHaveValue(`请@${person.name} `)
  await box.pressSequentially('看一下')
  await page.keyboard.press('Control+Enter')
  // It stands out where it is read.
  await expect(page.locator('main').getByText(`@${person.name}`, { exact: true }).first()).toBeVisible()

  const his = await pageOf(person)
  await his.goto('/')
  await expect(bell(his)).toHaveAttribute('aria-label', /条未读$/, { timeout: 20_000 })
  await bell(his).click()
  await expect(row(his, '提到了你')).toContainText('看一下', { timeout: 20_000 })
})

test('everybody chooses what he is told', async ({ api, pageOf }) => {
  const person = await api.person(`偏好${unique()}`, 'member')
  const page = await pageOf(person)
  await page.goto('/account')
  await page.getByRole('tab', { name: '通知' }).click()
  await expect(page).toHaveURL(/tab=notifications/)
  const table = page.getByRole('table')
  const first = table.getByRole('switch').last()
  await expect(first).toBeChecked()
  const kept = page.waitForResponse((r) => r.request().method() === 'PATCH' && r.url().includes('/notifications/settings'))
  await first.click()
  expect((await kept).ok()).toBe(true)
  await page.reload()
  await expect(table.getByRole('switch').last()).not.toBeChecked()
  await expect(page.getByRole('heading', { name: '桌面通知' })).toBeVisible()
  expect(await serious(page)).toEqual([])
})

test('an administrator sets up mail and a robot; nobody else sees them', async ({ page, api, pageOf }) => {
  const mark = unique()
  await page.goto('/')
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '通知渠道' }).click()
  await expect(page.getByRole('heading', { level: 1, name: '通知渠道' })).toBeVisible()

  const form = page.getByRole('textbox', { name: '服务器' })
  const before = await form.inputValue()
  await form.fill('127.0.0.1')
  await page.getByRole('spinbutton', { name: '端口' }).fill('1')
  await page.getByRole('textbox', { name: '发件人' }).fill('Guanxi <crm@example.com>')
  await page.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(page.getByText('已保存', { exact: true })).toBeVisible()
  await page.getByRole('textbox', { name: '收件地址' }).fill('someone@example.com')
  await page.getByRole('button', { name: /^发\s?送$/ }).click()
  // Nobody listens there; the words are the server's own.
  await expect(page.getByRole('alert').filter({ hasText: '没有发送成功' })).toBeVisible({ timeout: 60_000 })
  await api.call('PATCH', '/mail', { enabled: false, host: before, port: 465 })

  await page.getByRole('button', { name: '添加机器人' }).first().click()
  const drawer = page.getByRole('dialog', { name: '添加机器人' })
  await drawer.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(drawer.getByText('请填写名称')).toBeVisible()
  await drawer.getByRole('textbox', { name: '名称' }).fill(`群${mark}`)
  await drawer
    .getByRole('textbox', { name: 'Webhook 地址' })
    .fill(`https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=secret-${mark}`)
  await drawer.getByRole('combobox', { name: '通知哪些事件' }).click()
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').first().click()
  await page.keyboard.press('Escape')
  await drawer.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(drawer).toBeHidden()
  const line = page.getByRole('listitem').filter({ hasText: `群${mark}` })
  await expect(line).toContainText('企业微信')
  await expect(line).not.toContainText(`secret-${mark}`)
  await line.getByRole('switch').click()
  await expect(line.getByRole('switch')).not.toBeChecked()
  expect(await serious(page)).toEqual([])

  await line.getByRole('button', { name: `群${mark}` }).click()
  await page.getByRole('dialog').getByRole('button', { name: /删\s?除/ }).click()
  await page.getByRole('dialog').filter({ hasText: '删除机器人' }).getByRole('button', { name: /^删\s?除$/ }).last().click()
  await expect(line).toHaveCount(0)

  const his = await pageOf(await api.person(`旁人${mark}`, 'member'))
  await his.goto('/admin/notifications')
  await expect(his.getByText('您没有权限查看')).toBeVisible()
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  test('the bell stands in the header and opens over the page', async ({ page }) => {
    await page.goto('/')
    await bell(page).tap()
    await expect(panel(page)).toBeVisible()
    await expect(panel(page).getByRole('tab', { name: '全部' })).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    expect(await serious(page)).toEqual([])
    await panel(page).getByRole('button', { name: /关闭|Close/ }).first().tap()
    await expect(panel(page)).toBeHidden()
  })
})
