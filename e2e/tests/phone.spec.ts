import type { Page } from '@playwright/test'
import { expect, listAddress, test, unique } from './support'

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

/** Nothing is wider than the screen; a page that slides sideways under the thumb is broken. */
async function expectFits(page: Page) {
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
}

test('on a phone: the drawer leads to lists of cards, and a card to the record', async ({ page, api }) => {
  const mark = unique()
  const customer = await api.customer({ name: `手机客户${mark}`, level: 'a', invoice_title: '手机抬头' })

  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expectFits(page)
  await page.getByRole('button', { name: '布置我的桌面' }).tap()
  await expect(page.getByRole('list', { name: '桌面上的卡片' })).toBeVisible()
  await expectFits(page)
  await page.getByRole('button', { name: '完成' }).tap()

  await page.getByRole('button', { name: '打开导航' }).tap()
  const drawer = page.getByRole('dialog').getByRole('navigation', { name: '主导航' })
  await drawer.getByRole('link', { name: '客户', exact: true }).tap()
  await expect(page.getByRole('heading', { level: 1, name: '客户' })).toBeVisible()
  await expect(drawer).toBeHidden()
  await expect(page.getByRole('grid')).toHaveCount(0)
  await expectFits(page)

  await page.goto(listAddress('customer', ['name', 'contains', mark]))
  const card = page.getByRole('listitem').filter({ hasText: String(customer.name) })
  await expect(card).toContainText('客户级别')
  await expect(card).toContainText('A 级')
  await card.getByRole('link', { name: String(customer.name) }).tap()

  await expect(page.getByRole('heading', { level: 1, name: String(customer.name) })).toBeVisible()
  await expectFits(page)
  await page.getByRole('tab', { name: '资料' }).tap()
  await expect(page.getByRole('button', { name: '修改发票抬头' })).toHaveText('手机抬头')
  await page.getByRole('button', { name: '编辑' }).tap()
  await expect(page.getByRole('dialog', { name: '编辑客户' }).getByRole('textbox', { name: /^客户名称/ })).toHaveValue(
    String(customer.name),
  )
  await expectFits(page)
})
