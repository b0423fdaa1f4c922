import { expect, test, unique } from './support'

test('an administrator makes a position and gives it to somebody', async ({ page, api }) => {
  const name = `岗位${unique()}`
  const person = await api.person(`员工${unique()}`, 'member')
  await page.goto('/')
  await page.getByRole('list', { name: '管理' }).getByRole('link', { name: '岗位' }).click()
  await expect(page).toHaveURL(/\/o\/position/)
  await page.getByRole('button', { name: '新建岗位' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('岗位名称').fill(name)
  await form.getByRole('button', { name: '保存', exact: true }).click()
  await expect.poll(async () => (await api.find('position', ['name', '=', name])).length).toBe(1)

  await page.goto('/admin/users')
  await page.getByRole('textbox', { name: '姓名、拼音、账号或手机' }).fill(person.name)
  await page.getByRole('button', { name: person.name, exact: true }).click()
  const drawer = page.getByRole('dialog')
  const position = drawer.getByRole('combobox', { name: '岗位' })
  await position.click()
  await position.fill(name)
  await page.locator('.ant-select-item-option', { hasText: name }).click()
  await drawer.getByRole('button', { name: '保存' }).click()
  await expect(page.getByRole('row', { name: new RegExp(person.name) })).toContainText(name)
})
