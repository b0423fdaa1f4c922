import { editorOf, expect, listAddress, openRecord, saved, test, unique } from './support'

test("a colleague's change appears on the page, in the list and on the board without a reload", async ({
  page,
  context,
  api,
  pageOf,
}) => {
  const mark = unique()
  const customer = await api.customer({ name: `同看一户${mark}`, invoice_title: '甲', level: 'b' })
  const colleague = await api.person(`同事${mark}`)

  await openRecord(page, 'customer', customer)
  const list = await context.newPage()
  await list.goto(listAddress('customer', ['name', 'contains', mark]))
  const row = list.getByRole('row').filter({ hasText: mark })
  await expect(row).toContainText('B 级')
  const board = await context.newPage()
  await board.goto(listAddress('customer', ['name', 'contains', mark], { view: 'board' }))
  await expect(board.getByRole('region', { name: '陌生' }).getByRole('link', { name: String(customer.name) })).toBeVisible()

  // A mark on each window that a reload would take away.
  for (const open of [page, list, board]) await open.evaluate(() => Object.assign(window, { stayed: true }))

  const other = await pageOf(colleague)
  await openRecord(other, 'customer', customer)
  const written = saved(other, 'customer')
  await other.getByRole('button', { name: '修改发票抬头' }).click()
  await editorOf(other, 'invoice_title').fill('乙')
  await other.keyboard.press('Enter')
  await written

  await expect(page.getByRole('button', { name: '修改发票抬头' })).toHaveText('乙')
  await expect(page.getByRole('status').filter({ hasText: `同事${mark}刚刚更新了：发票抬头` })).toBeVisible()

  await api.update('customer', customer.id, { level: 'vip', life_cycle: 'signed' })
  await expect(row).toContainText('VIP')
  await expect(board.getByRole('region', { name: '签约' }).getByRole('link', { name: String(customer.name) })).toBeVisible()
  for (const open of [page, list, board]) {
    expect(await open.evaluate(() => 'stayed' in window)).toBe(true)
  }
})

test('two who change the same value are shown both, and one chooses', async ({ page, api, pageOf }) => {
  const mark = unique()
  const customer = await api.customer({ name: `同时修改${mark}`, invoice_title: '原来的' })
  const colleague = await api.person(`同事${mark}`)
  await openRecord(page, 'customer', customer)
  await page.getByRole('button', { name: '修改发票抬头' }).click()
  await editorOf(page, 'invoice_title').fill('我写的')

  const other = await pageOf(colleague)
  await openRecord(other, 'customer', customer)
  const written = saved(other, 'customer')
  await other.getByRole('button', { name: '修改发票抬头' }).click()
  await editorOf(other, 'invoice_title').fill('对方写的')
  await other.keyboard.press('Enter')
  await written
  // What is being typed is not swept away by the colleague's save.
  await expect(page.getByRole('status').filter({ hasText: '刚刚更新了' })).toBeVisible()
  await expect(editorOf(page, 'invoice_title')).toHaveValue('我写的')

  await editorOf(page, 'invoice_title').press('Enter')
  const conflict = page.getByRole('dialog', { name: '有人刚刚改过这条记录' })
  await expect(conflict).toContainText('对方写的')
  await expect(conflict).toContainText('我写的')
  await conflict.getByRole('button', { name: '用我的覆盖' }).click()
  await expect(conflict).toBeHidden()
  await expect(page.getByRole('button', { name: '修改发票抬头' })).toHaveText('我写的')
  await expect.poll(async () => (await api.read('customer', customer.id)).invoice_title).toBe('我写的')
})
