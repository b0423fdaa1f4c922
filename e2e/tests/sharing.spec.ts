import type { Locator, Page } from '@playwright/test'
import { type Data, editorOf, expect, listAddress, openRecord, rowNames, saved, test, unique } from './support'

/** Picks somebody in a box that is searched by what one types. */
async function pick(page: Page, box: Locator, name: string): Promise<void> {
  await box.click()
  await box.fill(name)
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: name }).first().click()
}

/** Picks an option of a select by its words. */
async function option(page: Page, select: Locator, text: string): Promise<void> {
  await select.click()
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: text }).first().click()
}

/** From the middle of one row to a place in another, as a hand does. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  )
}

async function drag(page: Page, from: Locator, to: Locator, share = 0.5): Promise<void> {
  await expect(from).toBeVisible()
  await expect(to).toBeVisible()
  const a = await from.boundingBox()
  const b = await to.boundingBox()
  if (!a || !b) throw new Error('the rows are not drawn')
  await page.mouse.move(a.x + 8, a.y + a.height / 2)
  await page.mouse.down()
  await page.mouse.move(a.x + 16, a.y + a.height / 2 + 8, { steps: 4 })
  // A busy machine draws later than the pointer moves: first it is in hand, then it is seen where it is.
  await expect(page.locator('[class*="inHand"]')).toBeVisible()
  await page.mouse.move(b.x + 12, b.y + b.height * share, { steps: 8 })
  await drawn(page)
  await page.mouse.move(b.x + 14, b.y + b.height * share, { steps: 2 })
  await drawn(page)
  await page.mouse.up()
}

test('the owner takes a colleague into the team, who then opens and changes the record, until he is taken out', async ({
  api,
  pageOf,
}) => {
  const mark = unique()
  const owner = await api.person(`主人${mark}`, 'member')
  const colleague = await api.person(`帮手${mark}`, 'member')
  const customer = await api.customer({ name: `合作${mark}`, owner: owner.id, invoice_title: '甲' })
  const his = await pageOf(colleague)
  await his.goto(`/o/customer/${customer.id}`)
  await expect(his.getByRole('alert')).toContainText('您没有权限查看')

  const page = await pageOf(owner)
  await openRecord(page, 'customer', customer)
  const team = page.getByRole('region', { name: '团队' })
  await expect(team).toContainText('目前只有负责人在跟进')
  await team.getByRole('button', { name: '添加同事' }).click()
  const form = team.getByRole('form', { name: '添加同事' })
  await form.getByRole('button', { name: '加入团队' }).click()
  await expect(form.getByRole('alert')).toContainText('请选择要加入的同事')
  await pick(page, form.getByRole('combobox', { name: '同事' }), colleague.name)
  await page.keyboard.press('Escape')
  await option(page, form.getByRole('combobox', { name: '权限' }), '查看和修改')
  await option(page, form.getByRole('combobox', { name: '有效期' }), '一个月')
  await form.getByRole('button', { name: '加入团队' }).click()
  await expect(form).toBeHidden()
  const row = team.getByRole('listitem').filter({ hasText: colleague.name })
  await expect(row).toContainText('查看和修改')
  await expect(row).toContainText(/至 \d{4}-\d\d-\d\d/)

  await openRecord(his, 'customer', customer)
  await expect(his.getByRole('region', { name: '团队' })).toContainText(colleague.name)
  // A guest invites nobody.
  await expect(his.getByRole('button', { name: '添加同事' })).toHaveCount(0)
  const written = saved(his, 'customer')
  await his.getByRole('button', { name: '修改发票抬头' }).click()
  await editorOf(his, 'invoice_title').fill('乙')
  await his.keyboard.press('Enter')
  await written
  expect((await api.read('customer', customer.id)).invoice_title).toBe('乙')

  // To read only, and at once: his open page takes the change back.
  await option(page, row.getByRole('combobox', { name: `${colleague.name}的权限` }), '查看')
  await expect(row).not.toContainText('查看和修改')
  await expect(his.getByRole('button', { name: '修改发票抬头' })).toHaveCount(0)

  await page.getByRole('tab', { name: '修改记录' }).click()
  const history = page.getByRole('tabpanel', { name: '修改记录' })
  await expect(history).toContainText(new RegExp(`把${colleague.name}加入团队（可修改，至 \\d{4}-\\d\\d-\\d\\d）`))
  await expect(history).toContainText(`调整了${colleague.name}在团队里的权限（只查看，`)

  await row.getByRole('button', { name: `把${colleague.name}移出团队` }).click()
  await expect(row).toHaveCount(0)
  await expect(history).toContainText(`把${colleague.name}移出团队`)
  await his.reload()
  await expect(his.getByRole('alert')).toContainText('您没有权限查看')
  await page.getByRole('button', { name: /^撤\s?销$/ }).click()
  await expect(row).toBeVisible()
  await openRecord(his, 'customer', customer)

  // Whoever is in a team may leave it.
  await his.getByRole('button', { name: '退出团队' }).click()
  await his.getByRole('tooltip').getByRole('button', { name: '退出团队' }).click()
  await expect(his).toHaveURL(/\/o\/customer(\?|$)/)
  await expect(row).toHaveCount(0)
})

test('a place in the team ends by itself and can be renewed', async ({ api, pageOf }) => {
  const mark = unique()
  const owner = await api.person(`主人${mark}`, 'member')
  const colleague = await api.person(`短期${mark}`, 'member')
  const customer = await api.customer({ name: `限时${mark}`, owner: owner.id })
  const until = (ms: number) =>
    api.call('PUT', `/records/customer/${customer.id}/team/${colleague.id}`, {
      level: 'read',
      expires_at: new Date(Date.now() + ms).toISOString(),
    })
  await until(600_000)
  const his = await pageOf(colleague)
  await openRecord(his, 'customer', customer)
  await until(1500)
  await his.waitForTimeout(2000)
  await his.reload()
  await expect(his.getByRole('alert')).toContainText('您没有权限查看')

  const page = await pageOf(owner)
  await openRecord(page, 'customer', customer)
  const row = page.getByRole('region', { name: '团队' }).getByRole('listitem').filter({ hasText: colleague.name })
  await expect(row).toContainText('已到期')
  await option(page, row.getByRole('combobox', { name: `为${colleague.name}续期` }), '长期')
  await expect(row).not.toContainText('已到期')
  await openRecord(his, 'customer', customer)
})

test("an administrator's sharing rule opens what matches it to a member", async ({ page, api, pageOf }) => {
  const mark = unique()
  const member = await api.person(`医疗${mark}`, 'member')
  const hospital = await api.customer({ name: `${mark}医院`, industry: 'medical' })
  await api.customer({ name: `${mark}银行`, industry: 'finance' })
  const his = await pageOf(member)
  const list = listAddress('customer', ['name', 'contains', mark])
  await his.goto(list)
  await expect(his.getByText('没有符合条件的记录')).toBeVisible()

  await page.goto('/admin/sharing-rules')
  await page.getByRole('button', { name: '新建规则' }).first().click()
  const drawer = page.getByRole('dialog', { name: '新建规则' })
  await drawer.getByLabel('规则名称').fill(`规则${mark}`)
  await drawer.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(drawer.getByText('请填写条件')).toBeVisible()
  await pick(page, drawer.getByRole('combobox', { name: '字段' }), '行业')
  // Conditions hold for everybody at any time: linked records and “me” are not offered.
  await drawer.getByRole('combobox', { name: '选择行业，可多选' }).click()
  await page.locator('.ant-select-dropdown:visible').getByText('医疗健康', { exact: true }).click()
  await page.keyboard.press('Escape')
  await expect(drawer.getByText(/现在符合 \d+ 条客户/)).toBeVisible()
  await drawer.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(drawer.getByText('请至少选择一个共享对象')).toBeVisible()
  await pick(page, drawer.getByRole('combobox', { name: '用户' }), member.name)
  await page.keyboard.press('Escape')
  await drawer.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(drawer).toBeHidden()
  const row = page.getByRole('row').filter({ hasText: mark })
  await expect(row).toContainText('行业 是任意一个 医疗健康')
  await expect(row).toContainText(member.name)
  // Its own address leads to the same words, not to the text that programs read.
  const [rule] = await api.find('sharing_rule', ['name', '=', `规则${mark}`])
  await page.goto(`/o/sharing_rule/${rule?.id}`)
  const editing = page.getByRole('dialog', { name: `规则${mark}` })
  await expect(editing.getByText(/现在符合 \d+ 条客户/)).toBeVisible()
  await editing.getByRole('button', { name: /^取\s?消$/ }).click()
  await expect(page).toHaveURL('/admin/sharing-rules')

  await his.reload()
  await expect(rowNames(his)).toHaveText([String(hospital.name)])
  await his.goto('/account')
  await his.getByRole('button', { name: '我的权限' }).click()
  const rights = his.getByRole('dialog', { name: '我的权限' })
  await expect(rights.getByRole('listitem').filter({ hasText: `规则${mark}` })).toContainText('查看')

  const off = saved(page, 'sharing_rule')
  await row.getByRole('switch').click()
  await off
  await his.goto(list)
  await expect(his.getByText('没有符合条件的记录')).toBeVisible()

  await row.getByRole('button', { name: `规则${mark}` }).click()
  await page.getByRole('dialog').getByRole('button', { name: '删除', exact: true }).click()
  await page.getByRole('dialog').filter({ hasText: '删除规则' }).getByRole('button', { name: /^删\s?除$/ }).last().click()
  await expect(row).toHaveCount(0)
})

test("members of a territory see its customers, and a parent's those below", async ({ page, api, pageOf }) => {
  const mark = unique()
  const member = await api.person(`区域${mark}`, 'member')
  const customer = await api.customer({ name: `${mark}西湖店`, region: '330106' })
  await api.customer({ name: `${mark}朝阳店`, region: '110105' })
  const below = await api.create('territory', { name: `浙江${mark}`, region: '330000' })
  const his = await pageOf(member)
  const list = listAddress('customer', ['name', 'contains', mark])

  await page.goto('/admin/territories')
  await page.getByRole('button', { name: '新建区域', exact: true }).first().click()
  const drawer = page.getByRole('dialog', { name: '新建区域' })
  await drawer.getByLabel('区域名称').fill(`华东${mark}`)
  await pick(page, drawer.getByRole('combobox', { name: '成员' }), member.name)
  await page.keyboard.press('Escape')
  await drawer.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(drawer).toBeHidden()
  const top = page.getByRole('button', { name: `华东${mark}`, exact: true })
  const child = page.getByRole('button', { name: `浙江${mark}`, exact: true })
  await expect(top).toBeVisible()
  await his.goto(list)
  await expect(his.getByText('没有符合条件的记录')).toBeVisible()

  await drag(page, child, top)
  const ask = page.getByRole('dialog').filter({ hasText: `把“浙江${mark}”移到“华东${mark}”下面？` })
  await ask.getByRole('button', { name: /^移\s?动$/ }).click()
  await expect
    .poll(async () => ((await api.read('territory', below.id)).parent as Data | null)?.title)
    .toBe(`华东${mark}`)
  await his.reload()
  await expect(rowNames(his)).toHaveText([String(customer.name)])

  // The figure beside a territory opens its customers.
  await page.getByRole('listitem').filter({ hasText: `华东${mark}` }).getByRole('link', { name: /个客户/ }).first().click()
  await expect(page).toHaveURL(/\/o\/customer\?filter=/)
  await expect(page.getByRole('grid', { name: '客户' })).toBeVisible()
})

test('a department is dragged below another, told who moves, and back by undo', async ({ page, api }) => {
  const mark = unique()
  const first = await api.create('department', { name: `甲部${mark}`, sort_order: 900 })
  const second = await api.create('department', { name: `乙部${mark}`, sort_order: 910 })
  const third = await api.create('department', { name: `丙部${mark}`, sort_order: 920 })
  await api.create('user', { name: `丙员${mark}`, login: `e2e-${mark}`, roles: ['member'], department: third.id })
  const parent = async (d: Data) => ((await api.read('department', d.id)).parent as Data | null)?.id ?? null

  await page.goto('/admin/departments')
  const row = (d: Data) => page.getByText(String(d.name), { exact: true })
  await row(third).scrollIntoViewIfNeeded()
  await drag(page, row(third), row(first))
  const ask = page.getByRole('dialog').filter({ hasText: `把“丙部${mark}”移到“甲部${mark}”下面？` })
  await expect(ask).toContainText('共 1 人一起移动')
  await ask.getByRole('button', { name: /^移\s?动$/ }).click()
  await expect.poll(() => parent(third)).toBe(first.id)
  await page.getByRole('button', { name: /^撤\s?销$/ }).first().click()
  await expect.poll(() => parent(third)).toBe(null)
  await expect(ask).toHaveCount(0)

  // Between two rows: another order, which concerns nobody and asks nothing.
  const box = row(third).locator('xpath=ancestor::div[1]')
  const target = row(first).locator('xpath=ancestor::div[1]')
  await expect(box).toBeVisible()
  await drag(page, box, target, 0.06)
  await expect
    .poll(async () => {
      const all = await api.find('department', ['name', 'contains', mark])
      const order = (d: Data) => Number(all.find((x) => x.id === d.id)?.sort_order)
      return order(third) < order(first) && order(first) < order(second)
    })
    .toBe(true)

  // A circle is refused where it is made, in the form that the keyboard uses.
  await api.update('department', second.id, { parent: first.id })
  await page.reload()
  await page.getByRole('button', { name: `编辑“甲部${mark}”` }).click()
  const form = page.getByRole('dialog')
  const above = form.getByRole('combobox', { name: '上级部门' })
  await pick(page, above, String(second.name))
  await form.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(form.getByText('上级不能是自己的下级')).toBeVisible()
})
