import { choose, type Data, expect, listAddress, saved, test, unique } from './support'
import type { Api } from './support'

interface Way {
  pipeline: Data
  first: Data
  second: Data
  won: Data
  mark: string
}

/** A pipeline of the test's own: what is designed here concerns no other test. */
async function wayOf(api: Api): Promise<Way> {
  const mark = unique()
  const pipeline = await api.create('pipeline', { name: `流程${mark}`, sort_order: 90 })
  const stage = (name: string, kind: string, sort_order: number) =>
    api.create('stage', { name: `${name}${mark}`, pipeline: pipeline.id, kind, sort_order, probability: sort_order * 20 })
  const first = await stage('洽谈', 'open', 1)
  const second = await stage('报价', 'open', 2)
  const won = await stage('成交', 'won', 3)
  await api.update('stage', first.id, { guidance: `先问清预算${mark}` })
  return { pipeline, first, second, won, mark }
}

test('a stage is designed, and asks for what it needs', async ({ page, api }) => {
  const { pipeline, first, second, mark } = await wayOf(api)
  await page.goto(`/admin/pipelines?pipeline=${pipeline.id}`)
  await page.getByRole('button', { name: `报价${mark}`, exact: true }).click()
  const form = page.getByRole('dialog', { name: `编辑阶段“报价${mark}”` })
  await choose(page, form.getByRole('combobox', { name: '进入前必填' }), '金额')
  const designed = saved(page, 'stage')
  await form.getByRole('button', { name: '保存' }).click()
  await designed
  await expect(page.getByRole('row').filter({ hasText: `报价${mark}` })).toContainText('必填：金额')
  // The arrows do what the pointer does.
  await page.getByRole('button', { name: `下移 洽谈${mark}` }).click()
  await expect.poll(async () => (await api.read('stage', first.id)).sort_order).toBe(2)
  await page.getByRole('button', { name: `上移 洽谈${mark}` }).click()
  await expect.poll(async () => (await api.read('stage', second.id)).sort_order).toBe(2)

  // Who stands in it keeps it.
  const deal = await api.create('opportunity', { name: `商机${mark}`, stage: first.id })
  await page.goto(`/o/opportunity/${deal.id}`)
  const bar = page.getByRole('region', { name: '销售阶段' })
  await expect(bar).toContainText(`先问清预算${mark}`)
  await expect(bar).toContainText(`进入“报价${mark}”还缺：`)
  await bar.getByRole('button', { name: `报价${mark}` }).click()
  const asked = page.getByRole('dialog', { name: `进入“报价${mark}”还缺少以下内容` })
  await asked.getByRole('button', { name: '保存并继续' }).click()
  await expect(asked.getByRole('alert')).toHaveText('请填写')
  await asked.getByRole('spinbutton', { name: /^金额/ }).fill('5000')
  const moved = saved(page, 'opportunity')
  await asked.getByRole('button', { name: '保存并继续' }).click()
  await moved
  await expect(bar.getByRole('button', { name: `报价${mark}` })).toHaveAttribute('aria-current', 'step')
  const now = await api.read('opportunity', deal.id)
  expect([(now.stage as Data).id, Number(now.amount)]).toEqual([second.id, 5000])

  await page.goto(`/admin/pipelines?stage=${second.id}`)
  await page.getByRole('button', { name: '删除阶段' }).click()
  await page.getByRole('dialog', { name: `删除阶段“报价${mark}”？` }).getByRole('button', { name: '删除' }).click()
  await expect(page.getByText('还有 1 个商机处于此阶段')).toBeVisible()
})

test('a card dropped where something is missing says what, and stays where it was', async ({ page, api }) => {
  const { pipeline, first, second, mark } = await wayOf(api)
  await api.update('stage', second.id, { tasks_done: true })
  const deal = await api.create('opportunity', { name: `商机${mark}`, stage: first.id })
  await api.create('task', { name: `寄样品${mark}`, opportunity: deal.id })
  await page.goto(listAddress('opportunity', ['name', 'contains', mark], { view: 'board', scope: pipeline.id }))
  await page.getByRole('group', { name: `商机${mark}` }).focus()
  const status = page.getByRole('status').or(page.locator('[aria-live="assertive"]'))
  await page.keyboard.press('Space')
  await expect(status.filter({ hasText: '已拿起卡片' }).or(status.filter({ hasText: '上方' }))).not.toHaveCount(0)
  await page.keyboard.press('ArrowRight')
  await expect(status.filter({ hasText: `在“报价${mark}”上方` })).not.toHaveCount(0)
  await page.keyboard.press('Space')
  const asked = page.getByRole('dialog', { name: `进入“报价${mark}”还缺少以下内容` })
  await expect(asked.getByRole('alert')).toContainText('待办任务')
  await asked.getByRole('button', { name: '知道了' }).click()
  await expect(page.getByRole('region', { name: `洽谈${mark}` }).getByRole('link', { name: `商机${mark}` })).toBeVisible()
  expect(((await api.read('opportunity', deal.id)).stage as Data).id).toBe(first.id)
})

test('products make the amount, and every figure of the analysis opens its records', async ({ page, api }) => {
  const { pipeline, first, won, mark } = await wayOf(api)
  const product = await api.create('product', { name: `产品${mark}`, price: '300' })
  const deal = await api.create('opportunity', { name: `甲${mark}`, stage: first.id, amount: '1' })
  await api.create('opportunity', { name: `乙${mark}`, stage: won.id, amount: '700' })
  await page.goto(`/o/opportunity/${deal.id}`)
  const lines = page.getByRole('region', { name: '产品明细' })
  await lines.getByRole('button', { name: /新建/ }).click()
  const form = page.getByRole('dialog')
  await choose(page, form.getByRole('combobox', { name: '产品' }), `产品${mark}`)
  await form.getByLabel('数量').fill('2')
  const added = saved(page, 'opportunity_product', 'POST')
  await form.getByRole('button', { name: '保存', exact: true }).click()
  await added
  await expect(lines).toContainText('600')
  await expect.poll(async () => Number((await api.read('opportunity', deal.id)).amount)).toBe(600)
  expect(Number((await api.find('opportunity_product', ['product', '=', product.id]))[0]?.amount)).toBe(600)

  // A new one takes its products along.
  await page.goto(listAddress('opportunity', ['name', 'contains', mark]))
  await page.getByRole('button', { name: '新建商机' }).click()
  const whole = page.getByRole('dialog', { name: '新建商机' })
  await whole.getByLabel('商机名称').fill(`丙${mark}`)
  await whole.getByRole('button', { name: '添加商机产品' }).click()
  const line = whole.getByRole('region', { name: '产品明细' })
  await choose(page, line.getByRole('combobox', { name: '产品' }), `产品${mark}`)
  await line.getByLabel('数量').fill('3')
  const made = saved(page, 'opportunity', 'POST')
  await whole.getByRole('button', { name: '保存', exact: true }).click()
  expect(Number(((await (await made).json()) as Data).amount)).toBe(900)

  await page.goto(`/sales/analysis?pipeline=${pipeline.id}`)
  const row = (stage: string) => page.getByRole('row').filter({ hasText: `${stage}${mark}` })
  await expect(row('洽谈')).toContainText('50%')
  await row('洽谈').getByRole('link', { name: '2', exact: true }).click()
  await expect(page.getByText(`甲${mark}`)).toBeVisible()
  await expect(page.getByText(`乙${mark}`)).toBeVisible()
})
