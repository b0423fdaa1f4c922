import { expect, test, unique } from './support'

test('a role of the company: made on the page, given to somebody, and in force at once', async ({
  page,
  api,
  pageOf,
}) => {
  const mark = unique()
  const name = `质检${mark}`
  const customer = await api.customer({ name: `澜海${mark}`, mobile: '13812348023' })

  await page.goto('/admin/roles')
  await page.getByRole('button', { name: '新建角色' }).click()
  const dialog = page.getByRole('dialog', { name: '新建角色' })
  await dialog.getByLabel('名称', { exact: true }).fill(name)
  await dialog.getByRole('button', { name: /^新\s?建$/ }).click()
  await expect(dialog).toBeHidden()

  const choose = async (box: string, option: string) => {
    await page.getByRole('combobox', { name: box, exact: true }).click()
    await page.locator('.ant-select-dropdown:visible').getByText(option, { exact: true }).click()
  }
  await choose('客户 · 查看', '全部')
  await page.getByRole('button', { name: '“客户”的操作与字段权限' }).click()
  await choose('“手机”的字段权限', '部分隐藏')
  await page.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(page.getByText('有未保存的更改')).toHaveCount(0)
  const [role] = await api.find('role', ['name', '=', name])
  expect(JSON.parse(String(role?.rights)).objects.customer).toMatchObject({
    read: 'all',
    fields: { mobile: 'masked' },
  })

  const person = await api.person(`质检员${mark}`, 'member')
  await api.update('user', person.id, { roles: [String(role?.code)] })
  const his = await pageOf(person)
  await his.goto(`/o/customer/${customer.id}`)
  await expect(his.getByText('138****8023').first()).toBeVisible()
  await expect(his.locator('a[href^="tel:"]')).toHaveCount(0)
  await his.getByRole('button', { name: '查看完整内容' }).first().click()
  await expect(his.getByText('138 1234 8023').or(his.getByText('13812348023')).first()).toBeVisible()
  const looks = await api.find('access_event', ['record', '=', customer.id])
  expect(looks.map((l) => [l.kind, l.field])).toEqual([['reveal', 'mobile']])

  // What he may do follows the role while his page is open.
  await page.goto('/admin/users')
  await api.update('role', String(role?.id), { rights: JSON.stringify({ objects: { customer: { read: 'none' } } }) })
  await his.reload()
  await expect(his.getByRole('alert')).toContainText('您没有权限查看')
})
