import type { Locator, Page } from '@playwright/test'
import { type Api, type Data, expect, openRecord, type Person, rowNames, test, unique } from './support'

/** Picks something in a box that is searched by what one types. */
async function pick(page: Page, box: Locator, name: string): Promise<void> {
  await box.click()
  await box.fill(name)
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: name }).first().click()
}

/** Customers of somebody's that go into a pool, the last one last. */
async function pooled(api: Api, pool: Data, names: string[]): Promise<Data[]> {
  const all: Data[] = []
  for (const name of names) {
    const customer = await api.customer({ name })
    await api.call('POST', `/records/customer/${customer.id}/actions/release`, { pool: pool.id, reason: '测试' })
    all.push(customer)
  }
  return all
}

const ownerOf = async (api: Api, id: string) =>
  ((await api.read('customer', id)).owner as { id: string } | null)?.id ?? null

const poolOf = (api: Api, mark: string, people: Person[], more: Record<string, unknown> = {}) =>
  api.create('pool', {
    name: `公海${mark}`,
    object: 'customer',
    members: people.map((p) => p.id),
    active: true,
    ...more,
  })

test('an administrator makes a pool; a member claims two with the keyboard and is refused the third', async ({
  page,
  api,
  pageOf,
}) => {
  const mark = unique()
  const member = await api.person(`领取${mark}`, 'member')

  await page.goto('/admin/pools')
  await page.getByRole('button', { name: '新建公海' }).first().click()
  const drawer = page.getByRole('dialog', { name: '新建公海' })
  await drawer.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(drawer.getByText('请填写公海名称')).toBeVisible()
  await drawer.getByLabel('公海名称').fill(`公海${mark}`)
  await drawer.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(drawer.getByText('请选择成员、部门，或设为全体成员')).toBeVisible()
  await pick(page, drawer.getByRole('combobox', { name: '成员', exact: true }), member.name)
  await page.keyboard.press('Escape')
  await drawer.getByLabel('每人每天最多领取').fill('2')
  await drawer.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(drawer).toBeHidden()
  const row = page.getByRole('row').filter({ hasText: `公海${mark}` })
  await expect(row).toContainText(member.name)
  await expect(row).toContainText('每人每天最多领取 2 个')
  const [pool] = await api.find('pool', ['name', '=', `公海${mark}`])
  if (!pool) throw new Error('the pool was not made')
  await pooled(api, pool, [`甲${mark}`, `乙${mark}`, `丙${mark}`])

  const his = await pageOf(member)
  await his.goto('/')
  await his.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '公海', exact: true }).click()
  await expect(his).toHaveURL(/\/pools\/[^/]+/)
  await expect(his.getByRole('heading', { level: 1, name: '公海' })).toBeVisible()
  // The address of a pool by its record leads to what lies in it.
  await his.goto(`/o/pool/${pool.id}`)
  await expect(his).toHaveURL(new RegExp(`/pools/${pool.id}`))
  // The newest stands first.
  await expect(rowNames(his)).toHaveText([`丙${mark}`, `乙${mark}`, `甲${mark}`])
  await expect(his.getByText('0 / 2', { exact: true })).toBeVisible()

  await his.keyboard.press('j')
  await his.keyboard.press('g')
  await expect(rowNames(his)).toHaveText([`乙${mark}`, `甲${mark}`])
  await expect(his.getByText(`已领取“丙${mark}”`)).toBeVisible()
  // The cursor has stayed where it was.
  await his.keyboard.press('g')
  await expect(rowNames(his)).toHaveText([`甲${mark}`])
  await expect(his.getByText('2 / 2', { exact: true })).toBeVisible()
  await expect(his.getByRole('alert').filter({ hasText: '今天的 2 个已经领完' })).toBeVisible()
  await his.keyboard.press('g')
  await expect(his.getByText(`没有领取“甲${mark}”：今天在“公海${mark}”已领取 2 条，达到上限`)).toBeVisible()
  await expect(rowNames(his)).toHaveText([`甲${mark}`])

  const mine = await api.find('customer', { and: [['name', 'contains', mark], ['owner', '=', member.id]] })
  expect(mine.map((c) => c.name).sort()).toEqual([`丙${mark}`, `乙${mark}`].sort())
})

test('a customer is released with a reason; the former owner has to wait, a colleague claims it', async ({
  api,
  pageOf,
}) => {
  const mark = unique()
  const owner = await api.person(`原主${mark}`, 'member')
  const colleague = await api.person(`接手${mark}`, 'member')
  const pool = await poolOf(api, mark, [owner, colleague], { cooldown_days: 7 })
  const customer = await api.customer({ name: `搁置${mark}`, owner: owner.id })

  const page = await pageOf(owner)
  await openRecord(page, 'customer', customer)
  await page.getByRole('button', { name: '退回公海' }).click()
  const dialog = page.getByRole('dialog', { name: '退回公海' })
  await pick(page, dialog.getByRole('combobox', { name: '公海' }), String(pool.name))
  await dialog.getByRole('button', { name: '退回公海' }).click()
  await expect(dialog.getByRole('alert')).toContainText('请填写')
  await dialog.getByRole('textbox', { name: /^原因/ }).fill('半年没有需求')
  await dialog.getByRole('button', { name: '退回公海' }).click()
  await expect(dialog).toBeHidden()
  const banner = page.getByRole('status').filter({ hasText: `在公海“公海${mark}”中` })
  await expect(banner).toContainText('原因：半年没有需求')
  await expect(banner).toContainText(`原负责人：${owner.name}`)
  await expect(page.getByRole('button', { name: '退回公海' })).toHaveCount(0)

  await banner.getByRole('button', { name: /^领\s?取$/ }).click()
  await expect(page.getByText(`没有领取“搁置${mark}”：你是原负责人`)).toBeVisible()
  expect(await ownerOf(api, customer.id)).toBe(null)

  // In the list it comes back after the refusal.
  await page.goto(`/pools/${pool.id}`)
  await expect(rowNames(page)).toHaveText([`搁置${mark}`])
  await page.getByRole('button', { name: `领取搁置${mark}` }).click()
  await expect(page.getByText(`没有领取“搁置${mark}”：你是原负责人`)).toBeVisible()
  await expect(rowNames(page)).toHaveText([`搁置${mark}`])

  const his = await pageOf(colleague)
  await his.goto(`/pools/${pool.id}`)
  const line = his.getByRole('row').filter({ hasText: `搁置${mark}` })
  await expect(line).toContainText('半年没有需求')
  await expect(line).toContainText(owner.name)
  await his.getByRole('button', { name: `领取搁置${mark}` }).click()
  await expect(his.getByText('公海里暂时没有客户')).toBeVisible()
  await expect.poll(() => ownerOf(api, customer.id)).toBe(colleague.id)
  // Live: whoever looks at the pool meanwhile sees it go.
  await expect(page.getByText('公海里暂时没有客户')).toBeVisible()
})

test('several are claimed at once, with the reasons of those refused; an administrator of the pool assigns', async ({
  api,
  pageOf,
}) => {
  const mark = unique()
  const member = await api.person(`批量${mark}`, 'member')
  const head = await api.person(`海管${mark}`, 'member')
  const pool = await poolOf(api, mark, [member, head], { admins: [head.id], daily_claim_limit: 2 })
  await pooled(api, pool, [`一${mark}`, `二${mark}`, `三${mark}`])

  const page = await pageOf(member)
  await page.goto(`/pools/${pool.id}`)
  await expect(rowNames(page)).toHaveCount(3)
  // Who is a member only assigns nothing.
  await expect(page.getByRole('button', { name: `分配一${mark}` })).toHaveCount(0)
  await page.getByRole('checkbox', { name: '选择已加载的全部记录' }).click()
  await page.getByRole('toolbar', { name: '批量操作' }).getByRole('button', { name: '领取 3 个' }).click()
  const told = page.getByRole('dialog').filter({ hasText: '完成 2 条，1 条没有成功' })
  await expect(told.getByRole('listitem')).toContainText('达到上限（1 条）')
  await told.getByRole('button', { name: '知道了' }).click()
  await expect(rowNames(page)).toHaveCount(1)

  const his = await pageOf(head)
  await his.goto(`/pools/${pool.id}`)
  await expect(rowNames(his)).toHaveCount(1)
  const name = await rowNames(his).first().innerText()
  await his.getByRole('button', { name: `分配${name}` }).click()
  const dialog = his.getByRole('dialog', { name: `分配“${name}”` })
  await dialog.getByRole('button', { name: /^分\s?配$/ }).click()
  await expect(dialog.getByRole('alert')).toContainText('请选择同事')
  await pick(his, dialog.getByRole('combobox', { name: '分配给' }), member.name)
  await dialog.getByRole('button', { name: /^分\s?配$/ }).click()
  await expect(his.getByText(`“${name}”已分配给${member.name}`)).toBeVisible()
  await expect(his.getByText('公海里暂时没有客户')).toBeVisible()
})

test('rules and capacities are said in sentences and refused at their fields', async ({ page, api }) => {
  const mark = unique()
  const pool = await poolOf(api, mark, [], { everybody: true })

  await page.goto('/admin/recycle-rules')
  await page.getByRole('button', { name: '新建规则' }).first().click()
  const drawer = page.getByRole('dialog', { name: '新建规则' })
  await drawer.getByLabel('规则名称').fill(`规则${mark}`)
  await pick(page, drawer.getByRole('combobox', { name: '回收到公海' }), String(pool.name))
  await drawer.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(drawer.getByText('请至少填写一个天数条件')).toBeVisible()
  await drawer.getByLabel('未跟进天数').fill('300')
  await drawer.getByLabel('无成交天数').fill('900')
  await drawer.getByLabel('提前几天提醒').fill('7')
  const words = `300 天未跟进 或 900 天无成交 → 公海“公海${mark}”，提前 7 天提醒；已成交客户除外`
  await expect(drawer.getByText(words)).toBeVisible()
  // What it says is looked at here only: no other test's customers shall be recycled.
  await drawer.getByRole('switch', { name: '启用' }).click()
  await drawer.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(drawer).toBeHidden()
  await expect(page.getByRole('row').filter({ hasText: `规则${mark}` })).toContainText(words)

  await page.goto('/admin/capacities')
  await page.getByRole('button', { name: '新建库容' }).first().click()
  const capacity = page.getByRole('dialog', { name: '新建库容' })
  await capacity.getByLabel('名称').fill(`库容${mark}`)
  await capacity.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(capacity.getByText('请填写每人最多')).toBeVisible()
  await capacity.getByLabel('每人最多').fill('200000')
  await capacity.getByRole('switch', { name: '启用' }).click()
  await capacity.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(capacity).toBeHidden()
  const row = page.getByRole('row').filter({ hasText: `库容${mark}` })
  await expect(row).toContainText('所有人')
  await expect(row).toContainText('每人最多 200,000 个客户')
})
