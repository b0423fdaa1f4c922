import { expect, listAddress, openRecord, test, unique } from './support'

test('a deleted record lies in the recycle bin and comes back whole', async ({ page, api }) => {
  const mark = unique()
  const customer = await api.customer({ name: `误删客户${mark}`, invoice_title: '还在的抬头' })
  const gone = () => api.find('customer', ['name', 'contains', mark])
  await openRecord(page, 'customer', customer)

  await page.getByRole('button', { name: '更多操作' }).click()
  await page.getByRole('menuitem', { name: '删除' }).click()
  await expect(page).toHaveURL(/\/o\/customer(\?|$)/)
  await expect(page.getByText(`“误删客户${mark}”已移到回收站`)).toBeVisible()
  expect(await gone()).toHaveLength(0)

  await page.getByRole('link', { name: '回收站' }).click()
  const item = page.getByRole('listitem').filter({ hasText: String(customer.name) })
  await expect(item).toContainText('管理员 删除')
  await item.getByRole('button', { name: `恢复 ${customer.name}` }).click()
  await expect(page.getByText(`已恢复“${customer.name}”`)).toBeVisible()
  await expect(item).toHaveCount(0)

  await page.getByRole('button', { name: '打开' }).click()
  await expect(page.getByRole('heading', { level: 1, name: String(customer.name) })).toBeVisible()
  await expect(page.getByRole('button', { name: '修改发票抬头' })).toHaveText('还在的抬头')
  expect(await gone()).toHaveLength(1)
})

test('several are deleted at once from the list, and one click takes it back', async ({ page, api }) => {
  const mark = unique()
  for (const n of ['一', '二', '三']) await api.customer({ name: `批量${n}${mark}` })
  await page.goto(listAddress('customer', ['name', 'contains', mark]))
  await expect(page.getByRole('grid').getByRole('link', { name: mark })).toHaveCount(3)
  await page.getByRole('checkbox', { name: `选择 批量一${mark}` }).check({ force: true })
  await page.getByRole('checkbox', { name: `选择 批量二${mark}` }).check({ force: true })
  const bar = page.getByRole('toolbar', { name: '批量操作' })
  await expect(bar).toContainText('已选 2 条')
  await bar.getByRole('button', { name: '删除' }).click()
  await page.getByRole('dialog', { name: '删除 2 条记录？' }).getByRole('button', { name: '删除' }).click()
  // The toast with the way back does not stay for long: it is clicked before anything else is looked at.
  const rows = page.getByRole('grid').getByRole('link', { name: mark })
  const told = page.locator('.ant-message-notice').filter({ hasText: '2 条记录已移到回收站' })
  await expect(told).toBeVisible()
  await expect(rows).toHaveCount(1)
  await told.getByRole('button', { name: '撤销' }).click()
  await expect(page.getByText('已撤销')).toBeVisible()
  await expect(rows).toHaveCount(3)
  expect(await api.find('customer', ['name', 'contains', mark])).toHaveLength(3)
})
