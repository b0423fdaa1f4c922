import { expect, listAddress, MEMBER, rowNames, test, unique } from './support'

test.use({ viewer: 'member' })

test('a member sees his own customers and nothing of others', async ({ page, api }) => {
  const mark = unique()
  const [member] = await api.find('user', ['login', '=', MEMBER.login])
  const own = await api.customer({ name: `自己的${mark}`, owner: member?.id })
  const other = await api.customer({ name: `别人的${mark}` })
  expect(await api.find('customer', ['name', 'contains', mark])).toHaveLength(2)

  await page.goto(listAddress('customer', ['name', 'contains', mark]))
  await expect(rowNames(page)).toHaveText([String(own.name)])

  // Nor does the search tell.
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: '搜索与命令' }).fill(mark)
  await expect(page.getByRole('option', { name: String(own.name) })).toBeVisible()
  await expect(page.getByRole('option', { name: String(other.name) })).toHaveCount(0)
  await page.keyboard.press('Escape')

  await page.goto(`/o/customer/${own.id}`)
  await expect(page.getByRole('heading', { level: 1, name: String(own.name) })).toBeVisible()

  // Whether another's record exists is not told; the page says that it may not be his to see, and leads back.
  await page.goto(`/o/customer/${other.id}`)
  await expect(page.getByRole('alert')).toContainText('您没有权限查看')
  await expect(page.getByText(String(other.name))).toHaveCount(0)
  await page.getByRole('link', { name: '回到列表' }).click()
  await expect(page.getByRole('grid', { name: '客户' })).toBeVisible()
})

test('a member has no administration, neither in the navigation nor by its address', async ({ page }) => {
  await page.goto('/')
  const navigation = page.getByRole('navigation', { name: '主导航' })
  await expect(navigation.getByRole('link', { name: '客户', exact: true })).toBeVisible()
  await expect(navigation.getByRole('link', { name: '用户', exact: true })).toHaveCount(0)
  // Colleagues may be looked up by everybody; changing them is the administrators'.
  await page.goto('/admin/users')
  await expect(page.getByRole('heading', { level: 1, name: '用户' })).toBeVisible()
  await expect(page.getByText('e2e-member').first()).toBeVisible()
  await expect(page.getByRole('button', { name: '新建用户' })).toHaveCount(0)
  // What is not his to do at all says so.
  await page.goto('/o/user/import')
  await expect(page.getByRole('alert')).toContainText('您没有权限查看')
})
