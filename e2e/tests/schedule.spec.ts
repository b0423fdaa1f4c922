import type { Locator, Page } from '@playwright/test'
import { expect, saved, test, unique } from './support'

/** Monday of a week that nobody has plans for. */
const MONDAY = '2031-03-03'
const at = (time: string, day = MONDAY) => `${day}T${time}:00+08:00`
const utc = (time: string, day = MONDAY) => new Date(at(time, day)).toISOString().replace('.000', '')

const entry = (page: Page, title: string): Locator => page.locator('[data-entry]').filter({ hasText: title })

/** Takes an entry with the mouse over so many columns and hours. */
async function drag(page: Page, from: Locator, columns: number, hours: number, corner = false) {
  const box = await from.boundingBox()
  const column = await page.locator(`[data-day="${MONDAY}"]`).boundingBox()
  if (!box || !column) throw new Error('nothing to drag')
  const x = box.x + box.width / 2
  const y = corner ? box.y + box.height - 2 : box.y + 6
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + columns * column.width + 3, y + hours * 48, { steps: 8 })
  await page.mouse.up()
}

test('an event is made in free time, moved and made longer with the mouse, and moved with the keyboard', async ({
  api,
  pageOf,
}) => {
  const mark = unique()
  const person = await api.person(`排程${mark}`, 'member')
  const mine = await pageOf(person)
  await mine.goto(`/schedule?span=week&on=${MONDAY}`)
  const monday = mine.locator(`[data-day="${MONDAY}"]`)
  await expect(monday).toBeVisible()
  // Ten o'clock on Tuesday.
  await mine.locator('[data-day="2031-03-04"]').click({ position: { x: 40, y: 10 * 48 + 10 } })
  const drawer = mine.getByRole('dialog', { name: '新建日程' })
  await drawer.getByLabel('主题').fill(`拜访${mark}`)
  await expect(drawer.getByLabel('开始', { exact: true })).toHaveValue('2031-03-04 10:00')
  const made = saved(mine, 'event', 'POST')
  await drawer.getByRole('button', { name: /^保\s?存$/ }).click()
  const { id } = (await (await made).json()) as { id: string }
  await expect(drawer).toBeHidden()
  const block = entry(mine, `拜访${mark}`)
  await expect(block).toBeVisible()
  expect(await api.read('event', id)).toMatchObject({
    starts_at: utc('10:00', '2031-03-04'),
    ends_at: utc('11:00', '2031-03-04'),
  })

  let answered = saved(mine, 'event')
  await drag(mine, block, 1, 2)
  await answered
  expect(await api.read('event', id)).toMatchObject({
    starts_at: utc('12:00', '2031-03-05'),
    ends_at: utc('13:00', '2031-03-05'),
  })
  // A drag opens nothing.
  await expect(mine.getByRole('dialog')).toHaveCount(0)
  answered = saved(mine, 'event')
  await drag(mine, block, 0, 1, true)
  await answered
  expect(await api.read('event', id)).toMatchObject({ ends_at: utc('14:00', '2031-03-05') })

  await expect(block).toContainText('12:00–14:00')
  await block.focus()
  await mine.keyboard.press('Alt+ArrowRight')
  await mine.keyboard.press('Alt+ArrowUp')
  await mine.keyboard.press('Alt+Shift+ArrowDown')
  await expect(mine.getByRole('status').filter({ hasText: '移到 3/6 11:45' })).toBeVisible()
  answered = saved(mine, 'event')
  await mine.keyboard.press('Enter')
  await answered
  expect(await api.read('event', id)).toMatchObject({
    starts_at: utc('11:45', '2031-03-06'),
    ends_at: utc('14:00', '2031-03-06'),
  })
  await expect(block).toBeFocused()
  await mine.keyboard.press('Alt+ArrowLeft')
  await mine.keyboard.press('Escape')
  await expect(block).toContainText('11:45–14:00')
  expect(await api.read('event', id)).toMatchObject({ starts_at: utc('11:45', '2031-03-06') })

  await block.click()
  const card = mine.getByRole('dialog', { name: `拜访${mark}` })
  await card.getByRole('button', { name: '删除' }).click()
  await expect(block).toHaveCount(0)
})

test('of a series this one is moved, these are changed, and one is left out', async ({ api, pageOf }) => {
  const mark = unique()
  const person = await api.person(`系列${mark}`, 'member')
  const event = await api.create('event', {
    title: `周会${mark}`,
    starts_at: at('09:00'),
    ends_at: at('10:00'),
    repeat: 'FREQ=WEEKLY',
    owner: person.id,
  })
  const page = await pageOf(person)
  await page.goto(`/schedule?span=week&on=${MONDAY}`)
  await page.getByRole('button', { name: '往后' }).click()
  const block = entry(page, `周会${mark}`)
  await expect(block).toBeVisible()
  await block.focus()
  await page.keyboard.press('Alt+ArrowRight')
  await page.keyboard.press('Enter')
  const which = page.getByRole('dialog', { name: '移动哪些日程？' })
  await expect(which.getByRole('radio', { name: '仅此一次' })).toBeChecked()
  let answered = saved(page, 'event', 'POST')
  await which.getByRole('button', { name: /^保\s?存$/ }).click()
  await answered
  const [one] = await api.find('event', ['series', '=', event.id])
  expect(one).toMatchObject({ starts_at: utc('09:00', '2031-03-11'), occurrence: utc('09:00', '2031-03-10') })
  // The week after it is where it was; from there on it is called otherwise.
  await page.getByRole('button', { name: '往后' }).click()
  await expect(block).toBeVisible()
  await block.click()
  await page.getByRole('dialog', { name: `周会${mark}` }).getByRole('button', { name: '编辑' }).click()
  await page.getByRole('dialog', { name: '修改哪些日程？' }).getByRole('radio', { name: '此次及以后' }).check()
  await page.getByRole('dialog', { name: '修改哪些日程？' }).getByRole('button', { name: /^保\s?存$/ }).click()
  const drawer = page.getByRole('dialog', { name: '修改日程' })
  await drawer.getByLabel('主题').fill(`例会${mark}`)
  answered = saved(page, 'event', 'POST')
  await drawer.getByRole('button', { name: /^保\s?存$/ }).click()
  await answered
  await expect(entry(page, `例会${mark}`)).toBeVisible()
  expect(await api.read('event', event.id)).toMatchObject({ repeat: 'FREQ=WEEKLY;UNTIL=20310317T005959Z' })
  await page.getByRole('button', { name: '往后' }).click()
  const later = entry(page, `例会${mark}`)
  await later.click()
  await page.getByRole('dialog', { name: `例会${mark}` }).getByRole('button', { name: '删除' }).click()
  await page.getByRole('dialog', { name: '删除哪些日程？' }).getByRole('button', { name: /^删\s?除$/ }).click()
  await expect(later).toHaveCount(0)
  await page.getByRole('button', { name: '往后' }).click()
  await expect(entry(page, `例会${mark}`)).toBeVisible()
})

test('whoever is asked answers; whole days and tasks stand in the month', async ({ api, pageOf }) => {
  const mark = unique()
  const owner = await api.person(`主持${mark}`, 'member')
  const guest = await api.person(`客人${mark}`, 'member')
  const event = await api.create('event', {
    title: `评审${mark}`,
    starts_at: at('14:00'),
    owner: owner.id,
    participants: [guest.id],
  })
  await api.create('event', {
    title: `出差${mark}`,
    starts_at: at('00:00', '2031-03-05'),
    ends_at: at('00:00', '2031-03-06'),
    all_day: true,
    owner: guest.id,
  })
  await api.create('task', { name: `报价${mark}`, due_at: at('17:00', '2031-03-07'), owner: guest.id })
  const page = await pageOf(guest)
  await page.goto(`/schedule?span=month&on=${MONDAY}`)
  await expect(entry(page, `出差${mark}`)).toHaveCount(2)
  await expect(entry(page, `报价${mark}`)).toBeVisible()
  await entry(page, `评审${mark}`).click()
  const card = page.getByRole('dialog', { name: `评审${mark}` })
  await expect(card.getByRole('button', { name: '编辑' })).toHaveCount(0)
  const answered = saved(page, 'event', 'POST')
  await card.getByRole('button', { name: '接受' }).click()
  await answered
  expect(await api.read('event', event.id)).toMatchObject({ accepted: [{ id: guest.id }] })
  // With the colleague's beside it: what one may see of it.
  await page.goto(`/schedule?span=day&on=${MONDAY}&people=${owner.id}`)
  await expect(entry(page, `评审${mark}`)).toHaveCount(1)
  // A phone has the list of days.
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`/schedule?on=${MONDAY}`)
  await expect(page.getByRole('heading', { name: '3月3日 星期一' })).toBeVisible()
  await expect(entry(page, `评审${mark}`)).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
})
