import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { type Api, expect, openRecord, test, unique } from './support'

const dialog = (page: Page) => page.getByRole('dialog', { name: '记一笔' })
const text = (page: Page) => dialog(page).getByRole('textbox', { name: '跟进内容' })
const next = (page: Page) => dialog(page).getByRole('button', { name: '去掉下次联系' })

const followUps = (api: Api, customer: string) => api.find('follow_up', ['customer', '=', customer])

test('what was said, what comes next and a task, in one go', async ({ page, api }) => {
  const mark = unique()
  const customer = await api.customer({ name: `快记${mark}` })
  await openRecord(page, 'customer', customer)
  await page.keyboard.press('q')
  await expect(text(page)).toBeFocused()
  await expect(dialog(page).getByText('还没有人联系过')).toBeVisible()

  await text(page).fill(`上门拜访了王总${mark}，明天下午三点 回电确认`)
  await expect(next(page)).toBeVisible()
  await expect(dialog(page).getByRole('button', { name: /^修改下次联系/ })).toContainText('明天 15:00')
  await expect(dialog(page).getByRole('radio', { name: '拜访' })).toBeChecked()
  await expect(dialog(page).getByRole('textbox', { name: '下一步' })).toHaveValue('回电确认')
  await dialog(page).getByRole('button', { name: '有意向' }).click()
  await dialog(page).getByRole('switch').click()
  await text(page).press('Control+Enter')
  await expect(dialog(page)).toBeHidden()

  const [written] = await followUps(api, customer.id)
  expect(written).toMatchObject({ kind: 'visit', result: 'interested', next_step: '回电确认' })
  const ahead = Date.parse(String(written?.next_at)) - Date.now()
  expect(ahead).toBeGreaterThan(0)
  expect(ahead).toBeLessThan(48 * 3_600_000)
  const [task] = await api.find('task', ['customer', '=', customer.id])
  expect(task).toMatchObject({ name: '回电确认', due_at: written?.next_at })
  await expect.poll(async () => (await api.read('customer', customer.id)).next_contact_at).toBe(written?.next_at)
})

test('from anywhere: one chooses whom it is about', async ({ page, api }) => {
  const mark = unique()
  const customer = await api.customer({ name: `随处${mark}` })
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('q')
  await expect(dialog(page)).toBeVisible()
  const who = dialog(page).getByRole('combobox')
  await who.click()
  await who.pressSequentially(mark)
  await page
    .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option')
    .filter({ hasText: String(customer.name) })
    .first()
    .click()
  await expect(dialog(page).getByText('还没有人联系过')).toBeVisible()
  await text(page).fill('电话沟通，没有约下次')
  // By its place: what Alt types differs from keyboard to keyboard.
  await text(page).press('Alt+Digit3')
  await expect(dialog(page).getByRole('radio', { name: '邮件' })).toBeChecked()
  await dialog(page).getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(dialog(page)).toBeHidden()
  const [written] = await followUps(api, customer.id)
  expect(written).toMatchObject({ kind: 'mail', next_at: null })
})

test('a moment that was taken away is not written; what was typed survives', async ({ page, api }) => {
  const customer = await api.customer({ name: `取消${unique()}` })
  await openRecord(page, 'customer', customer)
  await page.getByRole('button', { name: '记一笔' }).click()
  await text(page).fill('电话沟通，下周一上午9点半 再联系')
  await next(page).click()
  await expect(next(page)).toHaveCount(0)
  await dialog(page).getByRole('form').getByRole('button', { name: /^关\s?闭$/ }).click()
  await expect(dialog(page)).toBeHidden()
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: String(customer.name) })).toBeVisible()
  await page.keyboard.press('q')
  await expect(text(page)).toHaveValue('电话沟通，下周一上午9点半 再联系')
  await text(page).press('Control+Enter')
  await expect(dialog(page)).toBeHidden()
  const [written] = await followUps(api, customer.id)
  expect(written?.next_at).toBe(null)
})

test('one is warned when a colleague was in touch just now', async ({ page, api }) => {
  const mark = unique()
  const colleague = await api.person(`同事${mark}`, 'member')
  const customer = await api.customer({ name: `撞单${mark}`, owner: colleague.id })
  await api.create('follow_up', {
    customer: customer.id,
    content: `谈了报价${mark}`,
    kind: 'call',
    owner: colleague.id,
  })
  await expect.poll(async () => (await api.read('customer', customer.id)).last_contact_at).toBeTruthy()
  await openRecord(page, 'customer', customer)
  await page.keyboard.press('q')
  const warning = dialog(page).getByRole('alert')
  await expect(warning).toContainText(`${colleague.name} 打过电话`)
  await expect(warning).toContainText(`谈了报价${mark}`)
  const { violations } = await new AxeBuilder({ page }).include('.ant-modal').options({ resultTypes: ['violations'] }).analyze()
  expect(violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => v.id)).toEqual([])
})

test('a text one writes often becomes a template', async ({ api, pageOf }) => {
  const mark = unique()
  const person = await api.person(`模板${mark}`)
  const customer = await api.customer({ name: `常用${mark}` })
  const page = await pageOf(person)
  await openRecord(page, 'customer', customer)
  await page.keyboard.press('q')
  await text(page).fill(`例行电话${mark}`)
  await dialog(page).getByRole('button', { name: '模板' }).click()
  const kept = page.waitForResponse((r) => r.request().method() === 'PUT' && r.url().includes('/preferences/follow_up_templates'))
  await page.getByRole('menuitem', { name: '把当前内容存为模板' }).click()
  await kept
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: String(customer.name) })).toBeVisible()
  await page.keyboard.press('q')
  await text(page).fill('')
  await dialog(page).getByRole('button', { name: '模板' }).click()
  await page.getByRole('menuitem', { name: `例行电话${mark}` }).click()
  await expect(text(page)).toHaveValue(`例行电话${mark}`)
})

test.describe('on a phone', () => {
  test.use({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    permissions: ['geolocation'],
    geolocation: { latitude: 31.230416, longitude: 121.473701, accuracy: 20 },
  })
  test('a visit is written down with its place and a photo', async ({ page, api }) => {
    const customer = await api.customer({ name: `现场${unique()}` })
    await openRecord(page, 'customer', customer)
    await page.getByRole('button', { name: '记一笔' }).tap()
    await text(page).fill('上门拜访，看了产线')
    await dialog(page).getByRole('button', { name: /^定\s?位$/ }).tap()
    await expect(dialog(page).getByRole('textbox', { name: '地点' })).toHaveValue(/31\.23042, 121\.47370/)
    await dialog(page)
      .getByTestId('photos')
      .setInputFiles({
        name: '产线.png',
        mimeType: 'image/png',
        buffer: Buffer.from(
          'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
          'base64',
        ),
      })
    await expect(dialog(page).getByRole('img', { name: '产线.png' })).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await dialog(page).getByRole('button', { name: /^保\s?存$/ }).tap()
    await expect(dialog(page)).toBeHidden()
    const [written] = await followUps(api, customer.id)
    expect(String(written?.place)).toContain('31.23042, 121.47370')
    const files = await api.call<{ items: { name: string }[] }>('GET', `/records/follow_up/${written?.id}/attachments`)
    expect(files.items.map((f) => f.name)).toEqual(['产线.png'])
  })
})
