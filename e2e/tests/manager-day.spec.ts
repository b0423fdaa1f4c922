import type { Locator, Page } from '@playwright/test'
import { company, fullName, Hands, linesOf, offered } from './hands'
import { type Api, type Data, expect, openRecord, type Person, rowNames, saved, test } from './support'

const DAY = 24 * 3_600_000
const soon = (days: number) => new Date(Date.now() + days * DAY).toISOString()
const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
const [year, month] = today.split('-').map(Number) as [number, number]

const title = (page: Page, name: unknown) => page.getByRole('heading', { level: 1, name: String(name) })
interface Team {
  me: Person
  anna: Person
  ben: Person
  pool: Data
  lying: Data
  /** Nobody has called for long. */
  idle: Data[]
  told: Data
  deal: Data
  lost: Data
}

/** A manager with two people of his own, and what they have on their hands. */
async function team(api: Api): Promise<Team> {
  const department = await api.create('department', { name: `${fullName()}大区` })
  const [me, anna, ben] = [
    await api.person(fullName(), 'manager'),
    await api.person(fullName(), 'member'),
    await api.person(fullName(), 'member'),
  ]
  await api.update('user', me.id, { department: department.id })
  for (const one of [anna, ben]) await api.update('user', one.id, { department: department.id, manager: me.id })
  const pool = await api.create('pool', {
    name: `${fullName()}组的公海`,
    object: 'customer',
    members: [me.id, anna.id, ben.id],
    admins: [me.id],
    daily_claim_limit: 20,
    active: true,
  })
  const lying = await api.customer({ name: company('精密'), owner: anna.id })
  await api.call('POST', `/records/customer/${lying.id}/actions/release`, { pool: pool.id, reason: '换了负责人' })
  const idle = [
    await api.customer({ name: company(), owner: anna.id }),
    await api.customer({ name: company(), owner: anna.id }),
  ]
  const told = await api.create('follow_up', {
    customer: idle[0]?.id,
    content: '上门拜访，客户确认下月招标',
    kind: 'visit',
    owner: anna.id,
  })
  await api.create('task', { name: `给${idle[0]?.name}补报价`, owner: ben.id, due_at: soon(-2) })
  const offer = await api.stage('方案报价')
  const deal = await api.create('opportunity', {
    name: `${String(idle[0]?.name).slice(0, 5)}产线改造`,
    customer: idle[0]?.id,
    owner: anna.id,
    stage: offer.id,
    amount: 90_000,
    close_date: today,
  })
  const lost = await api.create('opportunity', {
    name: `${String(idle[1]?.name).slice(0, 5)}视觉检测`,
    customer: idle[1]?.id,
    owner: ben.id,
    stage: (await api.stage('输单')).id,
    loss_reason: 'price',
    amount: 50_000,
    close_date: today,
  })
  return { me, anna, ben, pool, lying, idle, told, deal, lost }
}

const ownerOf = async (api: Api, id: string) => ((await api.read('customer', id)).owner as Data | null)?.id

test('a manager goes through his day', async ({ api, page: admins, pageOf }) => {
  const { me, anna, ben, pool, lying, idle, told, deal, lost } = await team(api)
  const page = await pageOf(me)
  const hands = new Hands()
  await hands.watch(page)
  const region = (name: string | RegExp): Locator => page.getByRole('region', { name })

  // The morning: who of his people is behind, first the one with whom something is late.
  await page.goto('/')
  const people = region('团队近况')
  await expect(people.getByRole('link', { name: ben.name })).toBeVisible()
  await hands.does(page, 'team-late', async () => {
    await hands.picture(page, 'team-late', ...linesOf(people))
    await people.getByRole('listitem').filter({ hasText: ben.name }).getByRole('link', { name: /1/ }).click()
    await expect(page.getByText(`给${idle[0]?.name}补报价`)).toBeVisible()
  })

  // What lies in the pool is given to somebody.
  await page.goto(`/pools/${pool.id}`)
  await expect(rowNames(page)).toHaveText([String(lying.name)])
  await hands.does(page, 'assign', async () => {
    await page.keyboard.press('j')
    await page.keyboard.press('a')
    const dialog = page.getByRole('dialog', { name: `分配“${lying.name}”` })
    await expect(dialog.getByRole('combobox', { name: '分配给' })).toBeFocused()
    await page.keyboard.insertText(ben.name)
    await expect(offered(page, ben.name)).toBeVisible()
    await page.keyboard.press('Enter')
    await hands.picture(page, 'assign', dialog)
    await page.keyboard.press('Control+Enter')
    await expect(page.getByText(`“${lying.name}”已分配给${ben.name}`)).toBeVisible()
  })
  expect(await ownerOf(api, lying.id)).toBe(ben.id)

  // What somebody wrote down is checked with the customer.
  await page.goto(`/o/follow_up/${told.id}`)
  await expect(page.locator('main')).toContainText('客户确认下月招标')
  await hands.does(page, 'spot-check', async () => {
    await page.getByRole('button', { name: '抽查' }).click()
    const dialog = page.getByRole('dialog', { name: '抽查' })
    await expect(dialog.getByRole('combobox')).toBeFocused()
    await page.keyboard.insertText('属实')
    await expect(offered(page, '属实')).toBeVisible()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await expect(dialog.getByRole('textbox', { name: '说明' })).toBeFocused()
    await page.keyboard.insertText('客户说确有其事')
    await expect(dialog.getByRole('textbox', { name: '说明' })).toHaveValue('客户说确有其事')
    await hands.picture(page, 'spot-check', dialog)
    await page.keyboard.press('Control+Enter')
    await expect(dialog).toBeHidden()
  })
  expect(await api.read('follow_up', told.id)).toMatchObject({
    checked: 'true',
    check_remark: '客户说确有其事',
    checked_by: { id: me.id },
  })

  // A word to whose customer it is.
  await openRecord(page, 'customer', idle[0] as Data)
  await hands.does(page, 'mention', async () => {
    await page.keyboard.press('n')
    const box = page.getByRole('form', { name: '写跟进' }).getByRole('textbox').first()
    await expect(box).toBeFocused()
    await page.keyboard.insertText(`招标文件请@${anna.name.slice(0, 2)}`)
    const options = page.getByRole('listbox', { name: '提到同事' })
    await expect(options.getByRole('option').filter({ hasText: anna.name })).toBeVisible()
    await hands.picture(page, 'mention', page.getByRole('form', { name: '写跟进' }), options)
    await page.keyboard.press('Enter')
    await page.keyboard.insertText('周五前备好')
    const written = saved(page, 'follow_up', 'POST')
    await page.keyboard.press('Control+Enter')
    await written
  })
  const news = async () => {
    const hers = await api.find('follow_up', { and: [['customer', '=', idle[0]?.id], ['owner', '=', me.id]] })
    return hers.map((f) => f.content)
  }
  expect(await news()).toEqual([`招标文件请@${anna.name} 周五前备好`])

  // What will come in, down to the deals.
  await page.goto(`/forecast?period=${today.slice(0, 7)}`)
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  await hands.does(page, 'forecast-records', async () => {
    await expect(row(anna.name)).toContainText('¥9万')
    await hands.picture(page, 'forecast-records', page.getByRole('table', { name: '按人员' }))
    await row(anna.name).getByRole('link', { name: '¥9万' }).first().click()
    await expect(page.getByText(String(deal.name))).toBeVisible()
  })

  // Targets of his people.
  await page.goto(`/targets/edit?year=${year}`)
  const cell = page.getByRole('textbox', { name: `${anna.name} ${month}月`, exact: true })
  await expect(cell).toBeVisible()
  await hands.does(page, 'set-target', async () => {
    await cell.click()
    await page.keyboard.insertText('30万')
    await hands.picture(page, 'set-target', row(anna.name).getByRole('rowheader'), page.getByRole('columnheader', { name: `${month}月`, exact: true }), cell)
    const kept = saved(page, 'target', 'POST')
    await page.keyboard.press('Enter')
    await kept
  })
  const [target] = await api.find('target', { and: [['year', '=', year], ['owner', '=', anna.id]] })
  expect(Number(target?.[`m${month}`])).toBe(300_000)

  // Why deals are lost.
  await page.goto('/sales/analysis')
  const reason = page.getByRole('link').filter({ hasText: '价格过高' })
  await hands.does(page, 'losses', async () => {
    await expect(reason).toContainText('1 个')
    await hands.picture(page, 'losses', page.getByRole('heading', { name: '输单原因' }), reason)
    await reason.click()
    await expect(page.getByText(String(lost.name))).toBeVisible()
  })

  // Two customers go to a colleague.
  await page.goto(`/o/customer?${new URLSearchParams({ filter: JSON.stringify(['owner', '=', anna.id]) })}`)
  await expect(rowNames(page)).toHaveCount(2)
  await hands.does(page, 'reassign', async () => {
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.getByRole('toolbar', { name: '批量操作' }).getByRole('button', { name: '在几人之间平均分配' }).click()
    const dialog = page.getByRole('dialog', { name: '分配选中的 2 条客户' })
    await expect(dialog.getByRole('combobox', { name: '接收人' })).toBeFocused()
    await page.keyboard.insertText(ben.name)
    await expect(offered(page, ben.name)).toBeVisible()
    await hands.picture(page, 'reassign', dialog)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+Enter')
    await expect(dialog.getByRole('heading', { name: '交接完成' })).toBeVisible()
  })
  for (const one of idle) expect(await ownerOf(api, one.id)).toBe(ben.id)
  await page.goto('/people')
  await expect(page.getByRole('table', { name: '我的员工' }).getByRole('row').filter({ hasText: ben.name })).toBeVisible()

  // How much one may take from the pool in a day is for an administrator.
  await hands.watch(admins)
  await admins.goto('/admin/pools')
  await hands.does(admins, 'pool-limit', async () => {
    await admins.getByRole('button', { name: String(pool.name) }).click()
    const drawer = admins.getByRole('dialog', { name: /公海/ })
    const limit = drawer.getByLabel('每人每天最多领取')
    await limit.dblclick()
    await admins.keyboard.insertText('5')
    await hands.picture(admins, 'pool-limit', drawer.locator('label', { hasText: '每人每天最多领取' }), limit.locator('..'))
    const changed = saved(admins, 'pool')
    await drawer.getByRole('button', { name: /^保\s?存$/ }).click()
    await changed
  })
  expect((await api.read('pool', pool.id)).daily_claim_limit).toBe(5)
  await page.goto(`/pools/${pool.id}`)
  await expect(page.getByText('0 / 5', { exact: true })).toBeVisible()
  hands.agree('manager')
})
