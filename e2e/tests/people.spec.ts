import { expect, MEMBER, rowNames, test, unique } from './support'

test('a leader sees how his people stand, and every figure opens what it counts', async ({ api, pageOf }) => {
  const mark = unique()
  const leader = await api.person(`主管${mark}`, 'manager')
  const place = await api.create('department', { name: `部门${mark}`, manager: leader.id })
  const below = await api.create('department', { name: `小组${mark}`, parent: place.id })
  const busy = await api.person(`勤${mark}`, 'member')
  const calm = await api.person(`静${mark}`, 'member')
  const other = await api.person(`旁${mark}`, 'member')
  await api.update('user', leader.id, { department: place.id })
  await api.update('user', busy.id, { department: below.id })
  await api.update('user', calm.id, { department: place.id })
  const customer = await api.customer({ name: `客户${mark}`, owner: busy.id })
  for (const content of ['电话', '拜访']) {
    await api.create('follow_up', { content: content + mark, customer: customer.id, owner: busy.id })
  }
  await api.create('task', { name: `逾期${mark}`, due_at: '2020-01-01T00:00:00Z', owner: busy.id })
  await api.create('opportunity', { name: `商机${mark}`, customer: customer.id, amount: '12345.60', owner: busy.id })

  const page = await pageOf(leader)
  await page.goto('/')
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '我的员工' }).click()
  const row = page.getByRole('row').filter({ hasText: busy.name })
  await expect(row).toContainText('¥1.2万')
  await expect(page.getByRole('row').filter({ hasText: calm.name })).toBeVisible()
  await expect(page.getByText(other.name)).toHaveCount(0)

  // The largest first, then the smallest.
  await page.getByRole('button', { name: '今日跟进' }).click()
  await expect(page.getByRole('row').nth(1)).toContainText(busy.name)
  await page.getByRole('button', { name: '今日跟进' }).click()
  await expect(page.getByRole('row').nth(1)).toContainText(calm.name)

  await page.getByRole('button', { name: busy.name }).click()
  const drawer = page.getByRole('dialog')
  await expect(drawer.getByRole('link', { name: /：2 次$/ })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(drawer).toBeHidden()

  await row.getByRole('cell').filter({ hasText: /^1$/ }).getByRole('link').click()
  await expect(rowNames(page)).toHaveText([`逾期${mark}`])
  await page.goBack()
  await row.getByRole('cell').filter({ hasText: /^2$/ }).first().getByRole('link').click()
  const list = page.getByRole('grid')
  await expect(list.getByText(`电话${mark}`)).toBeVisible()
  await expect(list.getByText(`拜访${mark}`)).toBeVisible()
})

test('whoever leads nobody has no such page', async ({ pageOf }) => {
  const page = await pageOf(MEMBER)
  await page.goto('/')
  const navigation = page.getByRole('navigation', { name: '主导航' })
  await expect(navigation.getByRole('link', { name: '客户', exact: true })).toBeVisible()
  await expect(navigation.getByRole('link', { name: '我的员工' })).toHaveCount(0)
  await page.goto('/people')
  await expect(page.getByText('没有可以查看的人员')).toBeVisible()
})
