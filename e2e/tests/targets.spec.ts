import { choose, type Data, expect, saved, test, unique } from './support'

const year = new Date().getFullYear()

// Each test brings a seller of its own, whose deals no other test counts.
test('a target is set month by month, reached, and seen by whose it is', async ({ page, api, pageOf }) => {
  const name = `目标${unique()}`
  const seller = await api.person(name, 'member')
  const won = await api.stage('赢单')
  await api.create('opportunity', {
    name: `已赢${name}`, stage: won.id, owner: seller.id, amount: 30_000, close_date: `${year}-01-15`,
  })

  await page.goto(`/targets/edit?year=${year}`)
  const cell = (month: number) => page.getByRole('textbox', { name: `${name} ${month}月`, exact: true })
  await cell(1).fill('4万')
  await cell(1).press('ArrowRight')
  await page.keyboard.type('abc')
  await expect(cell(2)).toHaveAttribute('aria-invalid', 'true')
  await page.keyboard.press('Escape')
  await expect(cell(2)).toHaveValue('')
  const row = page.getByRole('row').filter({ hasText: name })
  await expect(row.getByRole('cell', { name: '40,000', exact: true })).toHaveCount(2)
  const made = saved(page, 'target', 'POST')
  await page.getByRole('textbox', { name: '按姓名或部门查找' }).focus()
  await made
  await expect(row).toContainText('已保存')
  const [target] = await api.find('target', { and: [['year', '=', year], ['owner', '=', seller.id]] })
  expect([target?.m1, target?.total]).toEqual(['40000', '40000'])

  // Somebody else changes it while it is being typed into: nothing is overwritten before one has looked.
  await cell(1).fill('50000')
  await api.update('target', (target as Data).id, { m1: 60_000 })
  await cell(1).press('Enter')
  await expect(row).toContainText('别人刚改过')
  const kept = saved(page, 'target')
  await row.getByRole('button', { name: '用我的' }).click()
  await kept
  await expect.poll(async () => (await api.read('target', (target as Data).id)).m1).toBe('50000')

  // A year is spread over its months.
  await row.getByRole('button', { name: `分摊${name}的全年目标` }).click()
  const dialog = page.getByRole('dialog', { name: `分摊${name}的全年目标` })
  await dialog.getByLabel('全年合计').fill('48万')
  const spread = saved(page, 'target')
  await dialog.getByRole('button', { name: '填入各月' }).click()
  await spread
  await expect.poll(async () => (await api.read('target', (target as Data).id)).total).toBe('480000')

  const own = await pageOf(seller)
  await own.goto(`/targets?period=${year}-01`)
  const card = own.getByRole('article', { name: '我的目标' })
  await expect(card).toContainText('75%')
  await card.getByRole('link', { name: '¥3万' }).click()
  await expect(own.getByText(`已赢${name}`)).toBeVisible()
  // He reads it and does not set it.
  await own.goto(`/targets/edit?year=${year}`)
  await expect(own.getByRole('alert')).toContainText('您没有权限查看')
})

test('the forecast follows a deal', async ({ page, api, pageOf }) => {
  const name = `预测${unique()}`
  const seller = await api.person(name, 'member')
  const offer = await api.stage('方案报价')
  const deal = await api.create('opportunity', {
    name: `商机${name}`, stage: offer.id, owner: seller.id, amount: 80_000, close_date: `${year}-12-31`,
  })
  const own = await pageOf(seller)
  await own.goto(`/forecast?period=${year}-12`)
  const row = own.getByRole('table', { name: '按人员' }).getByRole('row').filter({ hasText: name })
  const headings = ['目标', '赢单', '承诺', '较有把握', '一般']
  const amount = (heading: string) => row.getByRole('cell').nth(headings.indexOf(heading))
  await expect(amount('较有把握')).toHaveText('¥8万')
  await expect(amount('承诺')).toHaveText('0')

  await page.goto(`/o/opportunity/${deal.id}`)
  await api.update('opportunity', deal.id, { forecast_category: 'commit' })
  // Without being opened anew.
  await expect(amount('承诺')).toHaveText('¥8万')
  await expect(amount('较有把握')).toHaveText('0')
  await amount('承诺').getByRole('link').click()
  await expect(own.getByText(`商机${name}`)).toBeVisible()
})

test('a stage says how sure what stands in it is', async ({ page, api }) => {
  const mark = unique()
  const pipeline = await api.create('pipeline', { name: `流程${mark}`, sort_order: 91 })
  const stage = await api.create('stage', {
    name: `洽谈${mark}`, pipeline: pipeline.id, kind: 'open', sort_order: 1, probability: 10,
  })
  await page.goto(`/admin/pipelines?stage=${stage.id}`)
  const form = page.getByRole('dialog', { name: `编辑阶段“洽谈${mark}”` })
  await choose(page, form.getByRole('combobox', { name: '预测分类' }), '承诺')
  const designed = saved(page, 'stage')
  await form.getByRole('button', { name: '保存' }).click()
  await designed
  const deal = await api.create('opportunity', { name: `商机${mark}`, stage: stage.id, amount: 1 })
  expect((await api.read('opportunity', deal.id)).forecast_category).toBe('commit')
})
