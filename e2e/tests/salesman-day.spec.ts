import type { Page } from '@playwright/test'
import { company, fullName, Hands, linesOf, offered } from './hands'
import { type Api, type Data, expect, listAddress, openRecord, type Person, saved, test } from './support'

const DAY = 24 * 3_600_000
const soon = (days: number) => new Date(Date.now() + days * DAY).toISOString()
/** A day of the workspace's calendar. */
const dayOf = (moment: number) => new Date(moment + 8 * 3_600_000).toISOString().slice(0, 10)

const title = (page: Page, name: unknown) => page.getByRole('heading', { level: 1, name: String(name) })
const entry = (page: Page) => page.getByRole('dialog', { name: '记一笔' })

interface Workplace {
  me: Person
  colleague: Person
  /** To be contacted since yesterday. */
  due: Data
  task: Data
  pool: Data
  /** Somebody else's until lately. */
  lying: Data
  lead: Data
  pipeline: Data
  deal: Data
  other: Data
  offer: Data
  talks: Data
}

/** What a salesman finds in the morning, all of it his own. */
async function workplace(api: Api): Promise<Workplace> {
  const [me, colleague] = [await api.person(fullName(), 'member'), await api.person(fullName(), 'member')]
  const due = await api.customer({
    name: company(),
    owner: me.id,
    phone: '0574-87654321',
  })
  await api.create('follow_up', {
    customer: due.id,
    content: '电话聊了两条产线的节拍，对方要看同行案例',
    kind: 'call',
    owner: colleague.id,
    happened_at: soon(-1),
  })
  // A contact settles what was agreed before it.
  await expect.poll(async () => (await api.read('customer', due.id)).last_contact_at).toBeTruthy()
  await api.update('customer', due.id, { next_contact_at: soon(-0.5) })
  const task = await api.create('task', {
    name: `给${due.name}寄样品`,
    owner: me.id,
    customer: due.id,
    due_at: soon(-0.1),
  })
  const pool = await api.create('pool', {
    name: `${fullName()}组的公海`,
    object: 'customer',
    members: [me.id],
    active: true,
  })
  const lying = await api.customer({ name: company('精密'), owner: colleague.id })
  await api.create('follow_up', {
    customer: lying.id,
    content: '上门看了车间，预算要等明年',
    kind: 'visit',
    owner: colleague.id,
    happened_at: soon(-40),
  })
  await expect.poll(async () => (await api.read('customer', lying.id)).last_contact_at).toBeTruthy()
  await api.call('POST', `/records/customer/${lying.id}/actions/release`, { pool: pool.id, reason: '半年没有需求' })
  const lead = await api.create('lead', {
    name: `${fullName()}咨询改造`,
    company: company('自动化'),
    contact_name: fullName(),
    owner: me.id,
  })
  const pipeline = await api.create('pipeline', { name: `${company('设备')}流程`, sort_order: 92 })
  const stage = (name: string, kind: string, sort_order: number, more: Record<string, unknown> = {}) =>
    api.create('stage', { name, pipeline: pipeline.id, kind, sort_order, probability: sort_order * 20, ...more })
  const first = await stage('需求确认', 'open', 1)
  const offer = await stage('方案报价', 'open', 2, { required_fields: ['amount'] })
  const talks = await stage('商务谈判', 'open', 3)
  await stage('赢单', 'won', 4)
  const deal = await api.create('opportunity', {
    name: `${String(due.name).slice(0, 5)}产线改造`,
    customer: due.id,
    owner: me.id,
    stage: first.id,
    close_date: dayOf(Date.now()),
  })
  const other = await api.create('opportunity', {
    name: `${String(lying.name).slice(0, 5)}视觉检测`,
    customer: due.id,
    owner: me.id,
    stage: offer.id,
    amount: '80000',
    close_date: dayOf(Date.now()),
  })
  await api.create('target', {
    year: new Date().getFullYear(),
    measure: 'won_amount',
    level: 'person',
    owner: me.id,
    ...Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`m${i + 1}`, 200_000])),
  })
  return { me, colleague, due, task, pool, lying, lead, pipeline, deal, other, offer, talks }
}

test('a salesman goes through his day at the desk', async ({ api, pageOf }) => {
  const { me, colleague, due, task, pool, lying, lead, pipeline, deal, other, offer, talks } = await workplace(api)
  const page = await pageOf(me)
  const hands = new Hands()
  await hands.watch(page)

  // The morning: what is due stands on the desk.
  await page.goto('/')
  const tasks = page.getByRole('region', { name: '我今天的任务' })
  const contacts = page.getByRole('region', { name: '该联系的客户' })
  await expect(tasks.getByRole('link', { name: String(task.name) })).toBeVisible()
  await expect(contacts.getByRole('link', { name: String(due.name) })).toBeVisible()
  await expect(page.getByRole('region', { name: '我的新线索' })).toContainText(String(lead.name))

  // Who spoke to him last is read before the number is dialled.
  await hands.does(page, 'open-due', async () => {
    await hands.picture(page, 'open-due', ...linesOf(contacts))
    await contacts.getByRole('link', { name: String(due.name) }).click()
    await expect(title(page, due.name)).toBeVisible()
  })
  await expect(page.locator('main')).toContainText(`${colleague.name}`)
  await expect(page.locator('main')).toContainText('对方要看同行案例')

  // After the call: what was said, when to call again, and a task of it.
  await hands.does(page, 'log-call', async () => {
    await page.keyboard.press('q')
    await expect(entry(page).getByRole('alert')).toContainText(`${colleague.name} 打过电话`)
    await page.keyboard.insertText('电话发了同行案例，明天下午三点 回电确认')
    await expect(entry(page).getByRole('button', { name: /^修改下次联系/ })).toContainText('明天 15:00')
    await page.keyboard.press('Alt+KeyT')
    await expect(entry(page).getByRole('switch')).toBeChecked()
    await hands.picture(page, 'log-call', entry(page))
    await page.keyboard.press('Control+Enter')
    await expect(entry(page)).toBeHidden()
  })
  const tomorrow = dayOf(Date.now() + DAY)
  const [made] = await api.find('task', { and: [['customer', '=', due.id], ['name', '=', '回电确认']] })
  expect(made).toMatchObject({ due_at: `${tomorrow}T07:00:00Z`, owner: { id: me.id } })
  await expect.poll(async () => (await api.read('customer', due.id)).next_contact_at).toBe(`${tomorrow}T07:00:00Z`)

  // From anywhere else one says first whom it is about.
  await page.goto('/schedule')
  await expect(page.locator('[data-day]').first()).toBeVisible()
  await hands.does(page, 'log-anywhere', async () => {
    await page.keyboard.press('q')
    await expect(entry(page).getByRole('combobox')).toBeFocused()
    await page.keyboard.insertText(String(due.name).slice(0, 5))
    await expect(offered(page, String(due.name))).toBeVisible()
    await hands.picture(page, 'log-anywhere', entry(page))
    await page.keyboard.press('Enter')
    await expect(entry(page).getByRole('textbox', { name: '跟进内容' })).toBeFocused()
    await page.keyboard.insertText('微信发了报价单')
    await page.keyboard.press('Control+Enter')
    await expect(entry(page)).toBeHidden()
  })
  const written = await api.find('follow_up', { and: [['customer', '=', due.id], ['kind', '=', 'message']] })
  expect(written.map((w) => w.content)).toEqual(['微信发了报价单'])

  // Tomorrow is planned with a sentence.
  await hands.does(page, 'plan-tomorrow', async () => {
    await page.keyboard.press('c')
    const drawer = page.getByRole('dialog', { name: '新建日程' })
    await expect(drawer.getByLabel('主题')).toBeFocused()
    await page.keyboard.insertText('明天上午十点 拜访王总看样机')
    await expect(drawer.getByRole('status')).toContainText('按“明天上午十点”定在')
    await hands.picture(page, 'plan-tomorrow', drawer.locator('[data-field="title"]'), drawer.locator('[data-field="ends_at"]'))
    await page.keyboard.press('Enter')
    await expect(drawer).toBeHidden()
  })
  await expect(page.locator('[data-entry]').filter({ hasText: '拜访王总看样机' })).toBeVisible()
  const [visit] = await api.find('event', ['owner', '=', me.id])
  expect(visit).toMatchObject({
    title: '拜访王总看样机',
    starts_at: `${tomorrow}T02:00:00Z`,
    ends_at: `${tomorrow}T03:00:00Z`,
  })

  // A customer is taken out of the pool, and is known before he is called.
  await page.goto(`/pools/${pool.id}`)
  await expect(page.getByRole('row').filter({ hasText: String(lying.name) })).toContainText('半年没有需求')
  await hands.does(page, 'claim', async () => {
    await page.keyboard.press('j')
    await hands.picture(page, 'claim', page.getByRole('heading', { level: 1 }), page.getByRole('row').nth(1))
    await page.keyboard.press('g')
    await expect(page.getByText(`已领取“${lying.name}”`)).toBeVisible()
  })
  await expect.poll(async () => ((await api.read('customer', lying.id)).owner as Data | null)?.id).toBe(me.id)
  await hands.does(page, 'find', async () => {
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('combobox', { name: '搜索与命令' })).toBeFocused()
    await page.keyboard.insertText(String(lying.name).slice(2, 5))
    const found = page.getByRole('option').filter({ hasText: String(lying.name) }).first()
    await expect(found).toHaveAttribute('aria-selected', 'true')
    await hands.picture(page, 'find', page.getByRole('dialog', { name: '搜索与命令' }))
    await page.keyboard.press('Enter')
    await expect(title(page, lying.name)).toBeVisible()
  })
  await expect(page.locator('main')).toContainText('预算要等明年')

  // A lead comes to something.
  await page.goto(`/o/lead/${lead.id}`)
  await expect(title(page, lead.name)).toBeVisible()
  await hands.does(page, 'convert', async () => {
    await page.getByRole('button', { name: '转化' }).click()
    const dialog = page.getByRole('dialog', { name: '转化' })
    await expect(dialog.getByRole('combobox')).toBeFocused()
    await page.keyboard.press('Tab')
    await expect(dialog.getByRole('textbox', { name: '商机名称' })).toBeFocused()
    await page.keyboard.insertText('老线改造')
    await expect(dialog.getByRole('textbox', { name: '商机名称' })).toHaveValue('老线改造')
    await hands.picture(page, 'convert', dialog)
    await page.keyboard.press('Control+Enter')
    await expect(title(page, lead.company)).toBeVisible()
  })
  const converted = await api.read('lead', lead.id)
  expect(converted.status).toBe('converted')
  expect(converted.converted_opportunity).toMatchObject({ title: '老线改造' })

  // On the deal's own page with the keys; the stage asks for what it needs.
  await page.goto(`/o/opportunity/${deal.id}`)
  const bar = page.getByRole('region', { name: '销售阶段' })
  await expect(bar).toContainText('进入“方案报价”还缺：')
  await hands.does(page, 'move-asked', async () => {
    await page.keyboard.press('s')
    await expect(bar.getByRole('button', { name: '方案报价' })).toBeFocused()
    await page.keyboard.press('Enter')
    const asked = page.getByRole('dialog', { name: '进入“方案报价”还缺少以下内容' })
    await expect(asked.getByRole('spinbutton', { name: /^金额/ })).toBeFocused()
    await page.keyboard.insertText('120000')
    await hands.picture(page, 'move-asked', asked)
    const moved = saved(page, 'opportunity')
    await page.keyboard.press('Control+Enter')
    await moved
  })
  await expect(bar.getByRole('button', { name: '方案报价' })).toHaveAttribute('aria-current', 'step')
  const now = await api.read('opportunity', deal.id)
  expect([Number(now.amount), (now.stage as Data).id]).toEqual([120_000, offer.id])
  await hands.does(page, 'move-keys', async () => {
    await page.keyboard.press('s')
    await expect(bar.getByRole('button', { name: '商务谈判' })).toBeFocused()
    await hands.picture(page, 'move-keys', bar)
    const moved = saved(page, 'opportunity')
    await page.keyboard.press('Enter')
    await moved
  })
  expect((await api.read('opportunity', deal.id)).stage).toMatchObject({ id: talks.id })

  // On the board with the mouse.
  await page.goto(listAddress('opportunity', ['owner', '=', me.id], { view: 'board', scope: pipeline.id }))
  const card = page.getByRole('article').filter({ hasText: String(other.name) })
  const target = page.getByRole('region', { name: '商务谈判' })
  await expect(target).toContainText(String(deal.name))
  await hands.does(page, 'move', async () => {
    const [from, to] = [await card.boundingBox(), await target.boundingBox()]
    if (!from || !to) throw new Error('the board is not drawn')
    const moved = saved(page, 'opportunity')
    await page.mouse.move(from.x + from.width / 2, from.y + from.height - 8)
    await page.mouse.down()
    await page.mouse.move(from.x + from.width / 2 + 20, from.y + from.height, { steps: 4 })
    await page.mouse.move(to.x + to.width / 2, to.y + 150, { steps: 8 })
    const [left, lifted] = [page.getByRole('region', { name: '方案报价' }), page.getByRole('article').last()]
    await hands.picture(page, 'move', left.getByRole('article'), target.getByRole('button').last(), lifted)
    await page.mouse.up()
    await moved
  })
  await expect(target.getByRole('link', { name: String(other.name) })).toBeVisible()
  expect((await api.read('opportunity', other.id)).stage).toMatchObject({ id: talks.id })

  // Target and forecast follow what he moved.
  const month = dayOf(Date.now()).slice(0, 7)
  await page.goto(`/forecast?period=${month}`)
  const mine = page.getByRole('table', { name: '按人员' }).getByRole('row').filter({ hasText: me.name })
  await expect(mine).toContainText('20万')
  await page.goto(`/targets?period=${month}`)
  const goal = page.getByRole('article', { name: '我的目标' })
  await expect(goal).toContainText('0%')
  const won = await api.find('stage', { and: [['pipeline', '=', pipeline.id], ['kind', '=', 'won']] })
  await api.update('opportunity', other.id, { stage: won[0]?.id })
  await page.reload()
  await expect(goal).toContainText('40%')
  await hands.does(page, 'target-records', async () => {
    await hands.picture(page, 'target-records', goal)
    await goal.getByRole('link', { name: '¥8万' }).click()
    await expect(page.getByText(String(other.name))).toBeVisible()
  })

  // Somebody gives him a customer: he is told, and goes there.
  const given = await api.customer({ name: company('电子') })
  await api.update('customer', given.id, { owner: me.id })
  await expect(page.getByRole('button', { name: /^通知，\d+ 条未读/ }).first()).toBeVisible()
  await hands.does(page, 'notified', async () => {
    await page.keyboard.press('i')
    const panel = page.getByRole('dialog', { name: '通知' })
    await expect(panel.locator('[data-notification]').filter({ hasText: String(given.name) })).toBeVisible()
    await page.keyboard.press('j')
    await hands.picture(page, 'notified', panel.locator('[data-notification]').first(), panel.getByRole('tab').first())
    await page.keyboard.press('Enter')
    await expect(title(page, given.name)).toBeVisible()
  })

  // What is done is ticked off.
  await page.goto('/')
  await hands.does(page, 'tick-off', async () => {
    await hands.picture(page, 'tick-off', ...linesOf(tasks))
    await tasks.getByRole('checkbox', { name: `完成任务：${task.name}` }).click()
    await expect(tasks.getByRole('link', { name: String(task.name) })).toHaveCount(0)
  })
  await expect.poll(async () => (await api.read('task', task.id)).status).toBe('done')

  // On the road: a visit with its place, by thumb.
  const phone = await pageOf(me, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    permissions: ['geolocation'],
    geolocation: { latitude: 29.868336, longitude: 121.54399, accuracy: 15 },
  })
  await hands.watch(phone)
  await openRecord(phone, 'customer', due)
  await hands.does(phone, 'visit', async () => {
    await phone.getByRole('button', { name: '记一笔' }).tap()
    await expect(entry(phone).getByRole('textbox', { name: '跟进内容' })).toBeFocused()
    await phone.keyboard.insertText('上门拜访王总，看了样机')
    await entry(phone).getByRole('button', { name: /^定\s?位$/ }).tap()
    await expect(entry(phone).getByRole('textbox', { name: '地点' })).toHaveValue(/29\.86834, 121\.54399/)
    await hands.picture(phone, 'visit', entry(phone))
    await entry(phone).getByRole('button', { name: /^保\s?存$/ }).tap()
    await expect(entry(phone)).toBeHidden()
  })
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  const [visited] = await api.find('follow_up', { and: [['customer', '=', due.id], ['kind', '=', 'visit']] })
  expect(String(visited?.place)).toContain('29.86834, 121.54399')
  hands.agree('salesman')
})
