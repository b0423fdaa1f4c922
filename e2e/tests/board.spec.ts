import { choose, type Data, expect, listAddress, saved, test, unique } from './support'
import type { Api } from './support'
import type { Page } from '@playwright/test'

/** A deal in the first stage, on a board that shows nothing else. */
async function boardOf(page: Page, api: Api): Promise<Data> {
  const mark = unique()
  const customer = await api.customer({ name: `看板客户${mark}` })
  const deal = await api.create('opportunity', {
    name: `看板商机${mark}`,
    customer: customer.id,
    amount: '120000',
    stage: (await api.stage('初步接触')).id,
  })
  await page.goto(listAddress('opportunity', ['name', 'contains', mark], { view: 'board' }))
  const first = page.getByRole('region', { name: '初步接触' })
  await expect(first.getByRole('link', { name: String(deal.name) })).toBeVisible()
  await expect(first).toContainText('1')
  return deal
}

test('a deal dragged to another stage takes its probability', async ({ page, api }) => {
  const deal = await boardOf(page, api)
  const card = page.getByRole('article').filter({ hasText: String(deal.name) })
  const target = page.getByRole('region', { name: '方案报价' })
  const from = await card.boundingBox()
  const to = await target.boundingBox()
  if (!from || !to) throw new Error('the board is not drawn')

  const written = saved(page, 'opportunity')
  // Past the six pixels that tell a drag from a click, then in steps, as a hand does.
  await page.mouse.move(from.x + from.width / 2, from.y + from.height - 8)
  await page.mouse.down()
  await page.mouse.move(from.x + from.width / 2 + 20, from.y + from.height, { steps: 4 })
  await page.mouse.move(to.x + to.width / 2, to.y + 120, { steps: 8 })
  await page.mouse.up()
  await written

  await expect(target.getByRole('link', { name: String(deal.name) })).toBeVisible()
  await expect(
    page.getByRole('region', { name: '初步接触' }).getByRole('link', { name: String(deal.name) }),
  ).toHaveCount(0)
  const now = await api.read('opportunity', deal.id)
  expect((now.stage as Data).title).toBe('方案报价')
  expect(Number(now.probability)).toBe(50)
})

test('a deal moved to lost with the keyboard is asked for its reason first', async ({ page, api }) => {
  const deal = await boardOf(page, api)
  const lost = page.getByRole('region', { name: '输单' })
  const status = page.getByRole('status').or(page.locator('[aria-live="assertive"]'))
  const take = async () => {
    await page.getByRole('group', { name: String(deal.name) }).focus()
    await page.keyboard.press('Space')
    await expect(status.filter({ hasText: '已拿起卡片' }).or(status.filter({ hasText: '上方' }))).not.toHaveCount(0)
    for (const stage of ['需求确认', '方案报价', '商务谈判', '赢单', '输单']) {
      await page.keyboard.press('ArrowRight')
      await expect(status.filter({ hasText: `在“${stage}”上方` })).not.toHaveCount(0)
    }
    await page.keyboard.press('Space')
  }

  await take()
  const asked = page.getByRole('dialog', { name: '改为“输单”前，请补充' })
  await expect(asked).toBeVisible()
  // Called off, the deal is where it was.
  await asked.getByRole('button', { name: '取消' }).click()
  await expect(asked).toBeHidden()
  await expect(
    page.getByRole('region', { name: '初步接触' }).getByRole('link', { name: String(deal.name) }),
  ).toBeVisible()

  await take()
  await asked.getByRole('button', { name: '保存' }).click()
  await expect(asked.getByRole('alert')).toHaveText('请填写')
  await choose(page, asked.getByRole('combobox', { name: '输单原因' }), '价格过高')
  const written = saved(page, 'opportunity')
  await asked.getByRole('button', { name: '保存' }).click()
  await written

  await expect(lost.getByRole('link', { name: String(deal.name) })).toBeVisible()
  const now = await api.read('opportunity', deal.id)
  expect(now.status).toBe('lost')
  expect(now.loss_reason).toBe('price')
  expect(Number(now.probability)).toBe(0)
})
