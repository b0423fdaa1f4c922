import { expect, test, unique } from './support'

test('a lookup that depends on another field offers, and finds, only what fits it', async ({ page, api }) => {
  const mark = unique()
  const [ours, theirs] = await Promise.all(
    ['甲', '乙'].map((name) => api.customer({ name: `${name}公司${mark}` })),
  )
  const mine = await api.create('contact', { name: `王联系${mark}`, customer: ours?.id })
  const other = await api.create('contact', { name: `李联系${mark}`, customer: theirs?.id })

  await page.goto(`/o/customer/${ours?.id}`)
  await page.getByRole('button', { name: '新建商机' }).first().click()
  const form = page.getByRole('dialog', { name: '新建商机' })
  const contact = form.getByRole('combobox', { name: '主要联系人' })
  const offered = page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option')
  await contact.click()
  await expect(offered).toHaveText([String(mine.name)])

  const asked: URL[] = []
  const usual = JSON.stringify(['customer', '=', ours?.id])
  page.on('request', (r) => {
    const url = new URL(r.url())
    // What is offered at first is read again when news of the new contact comes.
    if (url.pathname === '/api/v1/records/contact' && url.searchParams.get('filter') === usual) return
    if (url.pathname.startsWith('/api/v1/search') || url.pathname === '/api/v1/records/contact') asked.push(url)
  })
  await contact.fill(String(other.name))
  await expect(page.getByText(`没有找到“${other.name}”`)).toBeVisible()
  await expect(offered).toHaveCount(0)
  await contact.fill('联系')
  await expect(offered).toHaveText([String(mine.name)])
  // One question each, put to the search together with what narrows it.
  expect(asked.map((url) => [url.pathname, url.searchParams.get('q'), url.searchParams.get('filter')])).toEqual(
    [other.name, '联系'].map((q) => ['/api/v1/search', q, usual]),
  )
})
