import type { Page } from '@playwright/test'
import { expect, test, unique } from './support'

/** The cards of the desk, in the order in which they stand. */
const cards = (page: Page) => page.locator('[data-card]').getByRole('heading', { level: 2 })
const tiles = (page: Page) => page.getByRole('list', { name: '桌面上的卡片' }).getByRole('listitem')
const handle = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`^移动“${name}”`) })
/** The name of the card that stands there: what it shows may name others. */
const tile = (page: Page, place: number) => tiles(page).nth(place).getByRole('button', { name: /^移动/ })
const kept = (page: Page) =>
  page.waitForResponse((r) => r.request().method() === 'PUT' && r.url().endsWith('/preferences/desk') && r.ok())

test('everybody arranges his own desk, with the keyboard and with the mouse, and finds it again', async ({ api, pageOf }) => {
  const mark = unique()
  const who = await api.person(`桌面${mark}`, 'member')
  const customer = await api.customer({ name: `该打电话${mark}`, owner: who.id, next_contact_at: '2020-01-01T01:00:00Z' })
  await api.create('task', { name: `寄样品${mark}`, owner: who.id, due_at: '2020-01-01T01:00:00Z' })
  const page = await pageOf(who)
  await page.goto('/')
  await expect(cards(page)).toContainText(['今日数字', '今日安排', '我今天的任务', '我的新线索'])
  const task = page.getByRole('region', { name: '我今天的任务' }).getByRole('link', { name: `寄样品${mark}` })
  await expect(task).toBeVisible()
  // Nobody reports to him.
  await expect(page.getByRole('heading', { level: 2, name: '团队近况' })).toHaveCount(0)

  // Keyboard.
  await page.keyboard.press('d')
  await expect(page.getByRole('heading', { level: 1, name: '布置我的桌面' })).toBeVisible()
  await expect(handle(page, '今日数字')).toBeFocused()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await expect(handle(page, '今天的任务')).toBeFocused()
  await page.keyboard.press('Home')
  await expect(tile(page, 0)).toHaveAccessibleName(/“今天的任务”/)
  await expect(page.getByTestId('arranged')).toHaveText(/“今天的任务”移到第 1 位/)
  await expect(handle(page, '今天的任务')).toBeFocused()
  await page.keyboard.press('w')
  await expect(page.getByRole('button', { name: '“今天的任务”为宽卡片' })).toHaveAttribute('aria-pressed', 'true')
  let saved = kept(page)
  await handle(page, '即将回收').press('Delete')
  await expect(handle(page, '即将回收')).toHaveCount(0)
  await saved

  // Mouse.
  const from = await handle(page, '该联系的客户').boundingBox()
  const to = await tiles(page).nth(1).boundingBox()
  if (!from || !to) throw new Error('no tiles')
  // Taken up and put back by Escape, which is spent on that.
  await page.mouse.move(from.x + 40, from.y + 10)
  await page.mouse.down()
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 8 })
  await page.keyboard.press('Escape')
  await page.mouse.up()
  await expect(tile(page, 1)).toHaveAccessibleName(/“今日数字”/)
  saved = kept(page)
  await page.mouse.move(from.x + 40, from.y + 10)
  await page.mouse.down()
  await page.mouse.move(from.x + 60, from.y - 20, { steps: 5 })
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 12 })
  await page.mouse.up()
  await expect(tile(page, 1)).toHaveAccessibleName(/“该联系的客户”/)
  await saved

  await page.getByRole('button', { name: '完成' }).click()
  await expect(cards(page)).toContainText(['我今天的任务', '该联系的客户', '今日数字'])
  await expect(page.getByRole('button', { name: '布置我的桌面' })).toBeFocused()
  await page.reload()
  await expect(cards(page)).toContainText(['我今天的任务', '该联系的客户', '今日数字'])
  await expect(page.getByRole('heading', { level: 2, name: '即将回收' })).toHaveCount(0)

  // j and k walk through the lines of all cards, and Enter opens one.
  await expect(task).toBeVisible()
  const call = page.getByRole('region', { name: '该联系的客户' }).getByRole('link', { name: String(customer.name) })
  await expect(call).toBeVisible()
  await page.keyboard.press('j')
  await expect(task).toBeFocused()
  await page.keyboard.press('j')
  await expect(call).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: String(customer.name) })).toBeVisible()

  // Another browser shows the same, and what colleagues do comes by itself.
  const elsewhere = await pageOf(who)
  await elsewhere.goto('/')
  await expect(cards(elsewhere)).toContainText(['我今天的任务', '该联系的客户', '今日数字'])
  await api.create('task', { name: `回访${mark}`, owner: who.id, due_at: '2020-01-02T01:00:00Z' })
  await expect(elsewhere.getByRole('link', { name: `回访${mark}` })).toBeVisible()

  // Back to the usual desk.
  await elsewhere.getByRole('button', { name: '布置我的桌面' }).click()
  await expect(elsewhere.getByRole('button', { name: '添加“即将回收”' })).toBeVisible()
  saved = kept(elsewhere)
  await elsewhere.getByRole('button', { name: '恢复默认' }).click()
  await expect(tile(elsewhere, 0)).toHaveAccessibleName(/“今日数字”/)
  await saved
})

test('the week of a pipeline and the people one leads stand on the desk', async ({ api, pageOf }) => {
  const mark = unique()
  const boss = await api.person(`主管${mark}`)
  const who = await api.person(`下属${mark}`, 'member')
  await api.update('user', who.id, { manager: boss.id })
  const customer = await api.customer({ name: `客户${mark}`, owner: boss.id })
  const deal = await api.create('opportunity', {
    name: `商机${mark}`,
    customer: customer.id,
    amount: '1234567.80',
    owner: boss.id,
    stage: (await api.stage('初步接触')).id,
  })
  await api.create('task', { name: `逾期${mark}`, owner: who.id, due_at: '2020-01-01T01:00:00Z' })
  const page = await pageOf(boss)
  await page.goto('/')
  const team = page.getByRole('region', { name: '团队近况' })
  await expect(team.getByRole('listitem').filter({ hasText: who.name })).toContainText(/逾期任务\s*1/)
  await expect(team).toContainText('1 人本周还没有跟进')

  const moves = page.getByRole('region', { name: '商机动向（近 7 天）' })
  await moves.scrollIntoViewIfNeeded()
  const line = moves.getByRole('listitem').filter({ hasText: String(deal.name) })
  await expect(line).toContainText('新增')
  await expect(line).toContainText('¥123.5万')
  await api.call('PATCH', `/records/opportunity/${deal.id}`, { stage: (await api.stage('输单')).id, loss_reason: 'price' })
  await expect(line).toContainText('输单')
  await team.getByRole('link', { name: /全部 1 人/ }).click()
  await expect(page.getByRole('heading', { level: 1, name: '我的员工' })).toBeVisible()
})
