import type { Page } from '@playwright/test'
import { expect, test, unique } from './support'

const HAN = /[一-鿿，。：；？！（）]/

/** Every text of the records, so that they can be told from the page's own words. */
function collectData(page: Page): Set<string> {
  const data = new Set<string>()
  const walk = (value: unknown) => {
    if (typeof value === 'string') HAN.test(value) && data.add(value.trim())
    else if (Array.isArray(value)) value.forEach(walk)
    else if (value !== null && typeof value === 'object') Object.values(value).forEach(walk)
  }
  page.on('response', async (r) => {
    const { pathname } = new URL(r.url())
    if (!/^\/api\/v1\/(records|recent|trash|session|regions|imports|figures|notifications)/.test(pathname)) return
    walk(await r.json().catch(() => null))
  })
  return data
}

/** What the page says itself, in text and to a screen reader, with the records' own texts taken out. */
async function foreignWords(page: Page, data: Set<string>): Promise<string[]> {
  const said = await page.evaluate(() => {
    const out: string[] = [document.title]
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
      // In the circle beside a name stand one or two characters of it.
      if (texts.currentNode.parentElement?.closest('[class*="avatar" i]')) continue
      out.push(texts.currentNode.textContent ?? '')
    }
    for (const e of document.body.querySelectorAll('*')) {
      for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-description']) {
        const value = e.getAttribute(name)
        if (value) out.push(value)
      }
    }
    return out
  })
  // The longest first: a name may hold another.
  const known = [...data].sort((a, b) => b.length - a.length)
  return [...new Set(said)]
    .filter((text) => HAN.test(text))
    .map((text) => known.reduce((rest, one) => rest.replaceAll(one, ''), text).trim())
    .filter((rest) => HAN.test(rest))
}

test('in English the page itself has no Chinese left', async ({ api, pageOf }) => {
  const mark = unique()
  const who = await api.person(`Ann ${mark}`)
  const customer = await api.customer({ name: `Acme ${mark}`, level: 'a', owner: who.id })
  await api.update('customer', customer.id, { level: 'b', invoice_title: 'Acme Ltd' })
  await api.create('opportunity', { name: `Deal ${mark}`, customer: customer.id, amount: '1000' })
  await api.create('follow_up', { customer: customer.id, content: 'Called about the offer' })
  await api.call('PUT', `/records/customer/${customer.id}/team/${(await api.person(`Bob ${mark}`)).id}`, { level: 'write' })
  await api.create('sharing_rule', {
    name: `Rule ${mark}`,
    object: 'customer',
    criteria: JSON.stringify({ and: [['level', '=', 'a'], ['owner', '=', who.id]] }),
    roles: ['manager'],
  })
  await api.create('territory', { name: `Area ${mark}`, region: '330000', industries: ['medical'], members: [who.id] })
  const page = await pageOf(who)
  const data = collectData(page)
  // The company's own name comes with the catalogue.
  const { workspace } = await api.call<{ workspace: { title: string } }>('GET', '/catalog')
  data.add(workspace.title)

  await page.goto('/')
  await page.getByRole('button', { name: who.name }).click()
  await page.getByRole('menuitem', { name: 'English' }).click()
  await expect(page.getByRole('navigation', { name: 'Main navigation' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', /^en/)
  // It is kept with the person, not only with this window.
  await page.reload()

  const check = async (place: string) => {
    // What is further down asks when it comes into sight.
    const waiting = page.locator('[aria-busy="true"], [class*="bone" i]')
    await expect(async () => {
      await waiting.first().scrollIntoViewIfNeeded({ timeout: 500 }).catch(() => undefined)
      await expect(waiting).toHaveCount(0, { timeout: 500 })
    }).toPass({ timeout: 20_000 })
    // A name that has just come may be drawn before its answer was read here.
    await expect.poll(() => foreignWords(page, data), { message: `Chinese on ${place}` }).toEqual([])
  }
  await expect(page.getByRole('heading', { level: 1 })).toContainText(who.name)
  await check('the desk')
  await page.keyboard.press('d')
  await expect(page.getByRole('list', { name: 'Cards on the desk' })).toBeVisible()
  await check('the desk while it is arranged')

  await page.goto('/o/customer')
  await expect(page.getByRole('grid', { name: 'Customers' })).toBeVisible()
  await check('the list')
  await page.getByRole('button', { name: 'Filter' }).click()
  await expect(page.getByRole('combobox', { name: 'Field' })).toBeVisible()
  await check('the filter')

  await page.goto('/o/opportunity?view=board')
  await expect(page.getByRole('article').first()).toBeVisible()
  await check('the board')

  await page.goto(`/o/customer/${customer.id}`)
  await expect(page.getByRole('heading', { level: 1, name: String(customer.name) })).toBeVisible()
  await expect(page.getByText('Called about the offer').first()).toBeVisible()
  await check('the record')
  await page.getByRole('tab', { name: 'History' }).click()
  await check('the history')
  await page.getByRole('button', { name: 'Add colleagues' }).click()
  await check('the team')
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await check('the form')

  for (const [address, name] of [
    ['/o/customer/import', 'the import'],
    ['/trash', 'the recycle bin'],
    ['/account', 'my account'],
    ['/admin/users', 'the users'],
    ['/admin/departments', 'the departments'],
    ['/admin/roles', 'the roles'],
    ['/admin/sharing-rules', 'the sharing rules'],
    ['/admin/territories', 'the territories'],
    ['/admin/sign-in', 'the sign-in settings'],
    ['/admin/workspaces', 'the workspaces'],
    ['/admin/handovers', 'the handovers'],
    [`/admin/handovers/new/${who.id}`, 'a handover'],
    ['/people', 'my people'],
    ['/o/access_event', 'the access log'],
    ['/nowhere', 'a page that is not there'],
  ] as const) {
    await page.goto(address)
    await expect(page.locator('main, [role=main]').first()).not.toBeEmpty()
    // The switch names each language in that language.
    data.add('简体中文')
    await check(name)
  }
})
