import type { Locator, Page } from '@playwright/test'
import { type Api, type Data, expect, saved, test, unique } from './support'

const lines = (page: Page) => page.getByRole('region', { name: /明细$/ }).getByRole('row')
const cell = (page: Page, line: number, column: string) =>
  lines(page).nth(line).locator(`td[data-column="${column}"]`)
const sum = (page: Page, name: string) => page.locator(`[data-sum="${name}"]`)
const trail = (page: Page) => page.getByRole('navigation', { name: '单据链' })
const fact = (page: Page, label: string): Locator => page.getByText(label, { exact: true }).first().locator('..')

async function act(page: Page, name: string, status: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click()
  await expect(fact(page, '状态')).toContainText(status)
}

/** Makes the next document and waits until its page is there. */
async function make(page: Page, name: string, kind: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click()
  await expect(page).toHaveURL(new RegExp(`/o/${kind}/`))
  await expect(fact(page, '状态')).toContainText('草稿')
  await expect(lines(page).nth(1)).toBeVisible()
}

async function write(page: Page, line: number, column: string, value: string, kind: string): Promise<void> {
  await cell(page, line, column).getByRole('button').click()
  const box = cell(page, line, column).getByRole('spinbutton')
  await box.fill(value)
  const done = saved(page, kind)
  await box.press('Enter')
  await done
}

const made: Data[] = []
// Pickers offer the first few products until something is typed: those of other tests are not to be pushed out.
test.afterEach(async ({ api }) => {
  for (const product of made.splice(0)) await api.update('product', product.id, { active: false })
})

async function shop(api: Api, mark: string): Promise<{ customer: Data; products: [Data, Data] }> {
  const customer = await api.customer({ name: `单据客户${mark}` })
  const desk = await api.create('product', { name: `办公桌${mark}`, code: `D${mark}`, price: 999.99, unit: '张' })
  const chair = await api.create('product', { name: `办公椅${mark}`, code: `C${mark}`, price: 333.33, unit: '把' })
  made.push(desk, chair)
  return { customer, products: [desk, chair] }
}

/** Writes a line at the end of a document with the keyboard. */
async function add(page: Page, product: Data, quantity: string, price: string): Promise<void> {
  const form = page.getByRole('group', { name: '新的一行' })
  const count = await lines(page).count()
  await expect(form.getByRole('combobox', { name: '产品' })).toBeFocused()
  await page.keyboard.type(String(product.name))
  await expect(page.locator('.ant-select-item-option-active').filter({ hasText: String(product.name) })).toBeVisible()
  await page.keyboard.press('Enter')
  // With the product known its number comes next.
  await expect(form.getByRole('spinbutton', { name: '数量' })).toBeFocused()
  await page.keyboard.type(quantity)
  await form.getByRole('spinbutton', { name: '单价' }).fill(price)
  await form.getByRole('spinbutton', { name: '税率' }).fill('13')
  await page.keyboard.press('Enter')
  await expect(lines(page)).toHaveCount(Math.max(count, 1) + 1)
}

test('from an offer to what is credited, each made from the last, in parts', async ({ page, api }) => {
  test.slow()
  const { customer, products } = await shop(api, unique())
  const quote = await api.create('quote', { customer: customer.id, valid_until: '2099-12-31' })

  await page.goto(`/o/quote/${quote.id}`)
  await expect(page.getByText('还没有明细，从添加第一行开始。')).toBeVisible()
  await page.getByRole('button', { name: '添加一行' }).click()
  await add(page, products[0], '10', '999.99')
  await add(page, products[1], '40', '333.33')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: '添加一行' })).toBeFocused()
  await expect(cell(page, 1, 'amount')).toHaveText('¥9,999.90')
  await expect(sum(page, 'total')).toHaveText('¥23,333.10')
  await act(page, '发出', '已发出')
  // In force it is read only.
  await expect(page.getByRole('button', { name: '添加一行' })).toHaveCount(0)
  await expect(lines(page).getByRole('button')).toHaveCount(0)

  await make(page, '转订单', 'sales_order')
  const order = page.url()
  await expect(trail(page).getByRole('link', { name: /^BJ-/ })).toBeVisible()
  await expect(sum(page, 'total')).toHaveText('¥23,333.10')
  await act(page, '生效', '已生效')

  await make(page, '发货', 'delivery')
  await expect(cell(page, 1, 'quantity')).toContainText('最多 10')
  // More than is open is refused where one writes it.
  await cell(page, 1, 'quantity').getByRole('button').click()
  await cell(page, 1, 'quantity').getByRole('spinbutton').fill('11')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tooltip', { name: /还可以 10/ })).toBeVisible()
  await page.keyboard.press('Escape')
  await write(page, 1, 'quantity', '4', 'delivery_line')
  await act(page, '确认发货', '已发货')
  await trail(page).getByRole('link', { name: /^XS-/ }).click()
  await expect(page).toHaveURL(order)
  await expect(fact(page, '发货进度')).toContainText('部分')
  await expect(cell(page, 1, 'delivered')).toHaveText('4')

  await make(page, '发货', 'delivery')
  await expect(lines(page)).toHaveCount(2)
  await expect(cell(page, 1, 'quantity')).toContainText('最多 6')
  await act(page, '确认发货', '已发货')
  await page.goto(order)
  await expect(fact(page, '发货进度')).toContainText('全部')
  await expect(trail(page).getByRole('button', { name: '发货单 ×2，展开' })).toBeVisible()

  await make(page, '开票', 'invoice')
  await expect(sum(page, 'total')).toHaveText('¥23,333.10')
  await expect(sum(page, 'tax')).toHaveText('¥2,684.34')
  await act(page, '确认开票', '已开票')
  await page.goto(order)
  await expect(fact(page, '开票进度')).toContainText('全部')

  // One chair comes back and is credited.
  await make(page, '退货', 'sales_return')
  await page.getByRole('button', { name: /^移除 办公桌/ }).click()
  await expect(lines(page)).toHaveCount(2)
  await expect(cell(page, 1, 'quantity')).toContainText('最多 40')
  await write(page, 1, 'quantity', '1', 'return_line')
  await expect(sum(page, 'total')).toHaveText('¥333.33')
  await act(page, '确认退货', '已退货')
  await make(page, '开红字发票', 'invoice')
  await expect(sum(page, 'total')).toHaveText('-¥333.33')
  await act(page, '确认开票', '已开票')
  await page.goto(order)
  await expect(cell(page, 2, 'returned')).toHaveText('1')
  await expect(cell(page, 2, 'invoiced')).toHaveText('39')
  await expect(trail(page).getByRole('listitem')).toHaveText([
    /^报价单.*BJ-/,
    /^销售订单.*XS-/,
    /^发货单 ×2/,
    /^发票.*FP-.*¥2\.3万/,
    /^退货单.*TH-/,
    /^红字发票.*-¥333\.33/,
  ])
  // What was made from it has to go first, and the page says so for each line.
  await page.getByRole('button', { name: '更多操作' }).click()
  await page.getByRole('menuitem', { name: '更正' }).click()
  const refused = page.getByRole('dialog').filter({ hasText: '已有后续单据' })
  await expect(refused.getByRole('listitem')).toHaveCount(2)
})

test('an order in force keeps its remark open, and is corrected by another that takes its place', async ({ page, api }) => {
  const { customer, products } = await shop(api, unique())
  const [desk] = products
  const order = await api.create('sales_order', {
    customer: customer.id,
    _lines: { order_line: [{ product: desk.id, quantity: 3, price: 100, tax_rate: 13 }] },
  })
  await api.call('POST', `/records/sales_order/${order.id}/actions/post`, {})

  await page.goto(`/o/sales_order/${order.id}`)
  await expect(sum(page, 'total')).toHaveText('¥300.00')
  // The date is closed, the remark is not.
  await expect(page.getByRole('button', { name: '修改备注', exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: '修改订单日期' })).toHaveCount(0)
  await page.getByRole('button', { name: '修改备注等' }).click()
  const drawer = page.getByRole('dialog', { name: '编辑销售订单' })
  await expect(drawer.getByLabel('备注')).toBeVisible()
  await expect(drawer.getByLabel('订单日期')).toHaveCount(0)
  await drawer.getByLabel('备注').fill('电话确认')
  await drawer.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(drawer).toBeHidden()
  await expect(page.getByRole('button', { name: '修改备注', exact: true })).toHaveText('电话确认')
  // It cannot be thrown away.
  await page.getByRole('button', { name: '更多操作' }).click()
  await expect(page.getByRole('menuitem', { name: '作废' })).toBeVisible()
  await expect(page.getByRole('menuitem', { name: '删除' })).toHaveCount(0)
  await page.getByRole('menuitem', { name: '更正' }).click()

  await expect(page).not.toHaveURL(new RegExp(order.id))
  await expect(fact(page, '状态')).toContainText('草稿')
  await write(page, 1, 'quantity', '5', 'order_line')
  await expect(sum(page, 'total')).toHaveText('¥500.00')
  await act(page, '生效', '已生效')
  await trail(page).getByRole('button', { name: '销售订单 ×2，展开' }).click()
  await page.getByRole('menuitem', { name: String(order.number) }).click()
  await expect(page).toHaveURL(new RegExp(order.id))
  await expect(fact(page, '状态')).toContainText('已被更正')
  await expect(sum(page, 'total')).toHaveText('¥300.00')
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

  test('a document fits, its one next step in reach and the others in a menu', async ({ page, api }) => {
    const { customer, products } = await shop(api, unique())
    const order = await api.create('sales_order', {
      customer: customer.id,
      _lines: { order_line: products.map((p) => ({ product: p.id, quantity: 2, price: 10 })) },
    })
    await api.call('POST', `/records/sales_order/${order.id}/actions/post`, {})
    await page.goto(`/o/sales_order/${order.id}`)
    await expect(sum(page, 'total')).toHaveText('¥40.00')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await expect(page.getByRole('button', { name: '发货', exact: true })).toBeVisible()
    await expect(page.getByRole('button', { name: '开票', exact: true })).toHaveCount(0)
    await page.getByRole('button', { name: '更多操作' }).tap()
    await page.getByRole('menuitem', { name: '关闭' }).tap()
    const dialog = page.getByRole('dialog', { name: '关闭' })
    await expect(dialog).toContainText('关闭后不再发货')
    await dialog.getByLabel('原因').fill('客户改了主意')
    await dialog.getByRole('button', { name: /^关\s?闭$/ }).last().tap()
    await expect(fact(page, '状态')).toContainText('已关闭')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  })
})
