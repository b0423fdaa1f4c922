import type { Locator, Page } from '@playwright/test'
import { expect, listAddress, rowNames, test, unique } from './support'

/** Searches a colleague in a box of recipients and takes him in. */
async function receive(page: Page, box: Locator, name: string) {
  await box.click()
  await page.keyboard.type(name)
  await page
    .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option')
    .filter({ hasText: name })
    .first()
    .click()
  await page.keyboard.press('Escape')
}

test('somebody leaves: what is his goes to two colleagues by region, his account is closed, and all of it is taken back', async ({
  page,
  api,
}) => {
  const mark = unique()
  const leaver = await api.person(`离职${mark}`, 'member')
  const east = await api.person(`华东${mark}`, 'member')
  const rest = await api.person(`其余${mark}`, 'member')
  const customer = (name: string, level: string) => api.customer({ name: `${name}${mark}`, owner: leaver.id, level })
  const [first, second, third] = [await customer('甲', 'a'), await customer('乙', 'b'), await customer('丙', 'b')]
  const contact = await api.create('contact', { name: `联系人${mark}`, customer: first.id, owner: leaver.id })
  await api.create('follow_up', { content: '拜访', customer: first.id, owner: leaver.id })
  await api.update('user', rest.id, { manager: leaver.id })

  // Closing the account of somebody who still has something offers the better way.
  await page.goto('/admin/users')
  await page.getByRole('textbox', { name: '姓名、拼音、账号或手机' }).fill(leaver.name)
  await page.getByRole('button', { name: `${leaver.name}的操作` }).click()
  await page.getByRole('menuitem', { name: '停用' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText(`${leaver.name}名下还有`)
  await expect(dialog.getByRole('listitem').filter({ hasText: '客户' }).first()).toContainText('3')
  await dialog.getByRole('button', { name: '先交接' }).click()

  await expect(page.getByRole('heading', { level: 1, name: `${leaver.name}的交接` })).toBeVisible()
  await expect(page.getByRole('checkbox', { name: '交接完成后停用账号' })).toBeChecked()
  // Who wrote it wrote it.
  await expect(page.getByRole('checkbox', { name: '跟进记录' })).not.toBeChecked()
  await page.getByRole('button', { name: '预览' }).click()
  await expect(page.getByRole('alert').filter({ hasText: '请选择接收人' }).first()).toBeVisible()
  await receive(page, page.getByRole('combobox', { name: '默认接收人' }), rest.name)
  await page.getByRole('listitem').filter({ hasText: '用户 · 直接上级' }).getByRole('button', { name: /单独指定/ }).click()
  await receive(page, page.getByRole('combobox', { name: '用户 · 直接上级的接收人' }), east.name)

  // The grade tells them apart here; in life it is the region.
  await page.getByRole('button', { name: '按条件拆分 客户', exact: true }).click()
  const part = page.getByRole('group', { name: '第 1 部分' })
  await part.getByRole('combobox', { name: '字段' }).click()
  await page.keyboard.type('客户名称')
  await page.keyboard.press('Enter')
  await part.getByRole('textbox').first().fill('甲')
  await receive(page, part.getByRole('combobox', { name: '符合条件的交给' }), east.name)
  await page.getByRole('textbox', { name: '说明' }).fill(`换岗${mark}`)

  // What was chosen survives a reload.
  await page.waitForTimeout(400)
  await page.reload()
  await expect(page.getByText('已恢复上次没有保存的内容')).toBeVisible()
  await page.getByRole('button', { name: '预览' }).click()
  await expect(page.getByText(`将从${leaver.name}名下移交 4 条记录，换下 1 处职务。`)).toBeVisible()
  const row = (words: string) => page.getByRole('row').filter({ hasText: words })
  await expect(row('甲')).toContainText(east.name)
  await expect(row('其余').filter({ hasText: '客户' })).toContainText('2')
  await page.getByRole('button', { name: '开始交接并停用' }).click()

  await expect(page.getByRole('heading', { name: '交接完成' })).toBeVisible()
  await expect(page.getByText(`换岗${mark}`)).toBeVisible()
  const ownerOf = async (object: string, id: string) =>
    ((await api.read(object, id)).owner as { id: string } | null)?.id
  expect(await ownerOf('customer', first.id)).toBe(east.id)
  expect(await ownerOf('contact', contact.id)).toBe(east.id)
  expect(await ownerOf('customer', second.id)).toBe(rest.id)
  expect((await api.read('user', leaver.id)).active).toBe(false)

  // One of them goes on to somebody else meanwhile: he keeps it.
  const [admin] = await api.find('user', ['login', '=', 'admin'])
  await api.update('customer', third.id, { owner: admin?.id })
  await page.getByRole('button', { name: '撤销交接' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '撤销交接' }).click()
  await expect(page.getByRole('heading', { name: '已撤销' })).toBeVisible()
  await expect(page.getByText('1 条没有交还，保持现状')).toBeVisible()
  expect(await ownerOf('customer', first.id)).toBe(leaver.id)
  expect(await ownerOf('customer', third.id)).toBe(admin?.id)
  expect((await api.read('user', leaver.id)).active).toBe(true)

  await page.getByRole('link', { name: '交接记录' }).last().click()
  await expect(page.getByRole('row').filter({ hasText: leaver.name })).toContainText('已撤销')
})

test('what a list is filtered to is dealt out among two, as are records picked by hand', async ({ page, api }) => {
  const mark = unique()
  const one = await api.person(`甲员${mark}`, 'member')
  const two = await api.person(`乙员${mark}`, 'member')
  for (let n = 0; n < 4; n++) await api.customer({ name: `分配${mark}${n}` })
  const filter = ['name', 'contains', mark]
  const owners = async () =>
    (await api.find('customer', filter)).map((c) => (c.owner as { title: string } | null)?.title ?? '').sort()

  // Everything at once is not given away by a click.
  await page.goto('/o/customer')
  await page.getByRole('button', { name: '分配全部筛选结果…' }).click()
  await expect(page.getByRole('dialog')).toContainText('请先筛选')
  await page.getByRole('button', { name: '知道了' }).click()

  await page.goto(listAddress('customer', filter))
  await expect(rowNames(page)).toHaveCount(4)
  await page.getByRole('button', { name: '分配全部筛选结果…' }).click()
  const dialog = page.getByRole('dialog', { name: '分配筛选出的客户' })
  await expect(dialog.getByText('将重新分配 4 条客户。')).toBeVisible()
  await receive(page, dialog.getByRole('combobox', { name: '接收人' }), one.name)
  await receive(page, dialog.getByRole('combobox', { name: '接收人' }), two.name)
  await dialog.getByRole('button', { name: '分配 4 条' }).click()
  await expect(dialog.getByRole('heading', { name: '交接完成' })).toBeVisible()
  expect(await owners()).toEqual([one.name, one.name, two.name, two.name].sort())
  await dialog.getByRole('button', { name: '撤销交接' }).click()
  await page.getByRole('dialog', { name: '撤销这次交接？' }).getByRole('button', { name: '撤销交接' }).click()
  await expect(dialog.getByRole('heading', { name: '已撤销' })).toBeVisible()
  expect(await owners()).not.toContain(one.name)
  await dialog.getByRole('button', { name: /^关\s?闭$/ }).first().click()

  await page.getByRole('grid').getByRole('checkbox').nth(1).check()
  await page.getByRole('grid').getByRole('checkbox').nth(2).check()
  await page.getByRole('toolbar', { name: '批量操作' }).getByRole('button', { name: '在几人之间平均分配' }).click()
  const picked = page.getByRole('dialog', { name: '分配选中的 2 条客户' })
  await receive(page, picked.getByRole('combobox', { name: '接收人' }), one.name)
  await picked.getByRole('button', { name: '分配 2 条' }).click()
  await expect(picked.getByRole('heading', { name: '交接完成' })).toBeVisible()
  expect((await owners()).filter((name) => name === one.name)).toHaveLength(2)
})
