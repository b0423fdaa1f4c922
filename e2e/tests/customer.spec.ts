import { choose, editorOf, expect, openRecord, saved, test, unique, uniquePhone } from './support'

test('a customer made in the form warns of a duplicate, is saved anyway, and its page opens', async ({
  page,
  api,
}) => {
  const phone = uniquePhone()
  const known = await api.customer({ name: `已有客户${unique()}`, phone })
  const name = `新客户${unique()}`

  await page.goto('/o/customer')
  await page.getByRole('button', { name: '新建客户' }).click()
  const form = page.getByRole('dialog', { name: '新建客户' })
  await form.getByRole('textbox', { name: /^客户名称/ }).fill(name)
  // Typed in another form than the known one: it is the number that counts.
  await form.getByRole('textbox', { name: '电话' }).fill(`+86 ${phone.slice(0, 3)}-${phone.slice(3, 7)}-${phone.slice(7)}`)
  const warning = form.getByRole('alert').filter({ hasText: '可能重复' })
  await expect(warning.getByRole('link', { name: String(known.name) })).toBeVisible()
  await expect(warning).toContainText('电话')

  // Saving does not pass over the warning; nothing is made until it is answered.
  const refused = page.waitForResponse(
    (r) => r.request().method() === 'POST' && r.url().endsWith('/records/customer'),
  )
  await form.getByRole('button', { name: '保存', exact: true }).click()
  expect((await refused).status()).toBe(409)
  expect(await api.find('customer', ['name', '=', name])).toHaveLength(0)

  await warning.getByRole('button', { name: '仍然保存' }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  const [made] = await api.find('customer', ['name', '=', name])
  await expect(page).toHaveURL(`/o/customer/${made?.id}`)
})

test('values are edited where they are read, survive a reload, and the history shows from and to', async ({
  page,
  api,
}) => {
  const customer = await api.customer({ name: `就地修改${unique()}`, invoice_title: '旧抬头', level: 'b' })
  await openRecord(page, 'customer', customer)

  let written = saved(page, 'customer')
  await page.getByRole('button', { name: '修改发票抬头' }).click()
  await editorOf(page, 'invoice_title').fill('新抬头')
  await page.keyboard.press('Enter')
  await written
  await expect(page.getByRole('button', { name: '修改发票抬头' })).toHaveText('新抬头')

  written = saved(page, 'customer')
  await page.getByRole('button', { name: '修改客户级别' }).first().click()
  await page.locator('.ant-select-item-option').filter({ hasText: 'A 级' }).click()
  await written

  await page.reload()
  await expect(page.getByRole('button', { name: '修改发票抬头' })).toHaveText('新抬头')
  await expect(page.getByRole('button', { name: '修改客户级别' }).first()).toHaveText('A 级')

  await page.getByRole('tab', { name: '修改记录' }).click()
  const history = page.getByRole('tabpanel', { name: '修改记录' })
  await expect(history.getByRole('listitem').filter({ hasText: '发票抬头' }).last()).toHaveText(
    /发票抬头\s*旧抬头\s*新抬头/,
  )
  await expect(history.getByRole('listitem').filter({ hasText: '客户级别' }).last()).toHaveText(
    /客户级别\s*B 级\s*A 级/,
  )
  await expect(history.getByLabel('改为')).toHaveCount(2)
})

test('giving up an edit with Escape changes nothing', async ({ page, api }) => {
  const customer = await api.customer({ name: `放弃修改${unique()}`, email: 'kept@example.com' })
  await openRecord(page, 'customer', customer)
  // The address itself is a link to write to; the keyboard edits it.
  await page.getByRole('button', { name: '修改邮箱' }).press('Enter')
  await editorOf(page, 'email').fill('gone@example.com')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: '修改邮箱' })).toHaveText('kept@example.com')
  // Escape belonged to the editor, not to the page, which would have gone back to the list.
  await expect(page).toHaveURL(`/o/customer/${customer.id}`)
  expect((await api.read('customer', customer.id)).version).toBe(customer.version)
})

test('a value the server refuses stays in the editor with the reason', async ({ page, api }) => {
  const customer = await api.customer({ name: `写错邮箱${unique()}`, email: 'right@example.com' })
  await openRecord(page, 'customer', customer)
  await page.getByRole('button', { name: '修改邮箱' }).press('Enter')
  const editor = editorOf(page, 'email')
  await editor.fill('not an address')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tooltip')).toContainText('邮箱')
  await expect(editor).toHaveValue('not an address')
  expect((await api.read('customer', customer.id)).email).toBe('right@example.com')
})

test('a quick follow-up moves the last contact and stands in the timeline', async ({ page, api }) => {
  const customer = await api.customer({ name: `写跟进${unique()}` })
  const said = `聊了交付时间 ${unique()}`
  await openRecord(page, 'customer', customer)
  await expect(page.getByText('还没有联系过')).toBeVisible()

  const box = page.getByRole('form', { name: '写跟进' })
  await box.getByRole('textbox', { name: '跟进内容' }).fill(said)
  await box.getByText('拜访', { exact: true }).click()
  await choose(page, box.getByRole('combobox', { name: '选择结果' }), '有意向')
  await box.getByRole('textbox', { name: '跟进内容' }).press('Control+Enter')

  await expect(page.getByText('还没有联系过')).toBeHidden()
  await expect(page.getByTitle(said, { exact: true })).toBeVisible()
  const timeline = page.getByRole('tabpanel', { name: '动态' })
  await expect(timeline.getByRole('listitem').filter({ hasText: said })).toContainText('管理员')
  await expect(timeline.getByRole('listitem').filter({ hasText: said })).toContainText('拜访')
  // What was written is saved, so the box is empty for the next.
  await expect(box.getByRole('textbox', { name: '跟进内容' })).toHaveValue('')

  const now = await api.read('customer', customer.id)
  expect(now.last_contact_summary).toBe(said)
  expect(now.last_contact_kind).toBe('visit')
})

test('the page of a customer draws who hangs together with it, and names what its archive lacks', async ({ page, api }) => {
  const mark = unique()
  const parent = await api.customer({ name: `集团${mark}` })
  const customer = await api.customer({ name: `子公司${mark}`, parent: parent.id, industry: 'food', mobile: uniquePhone() })
  const partner = await api.customer({ name: `伙伴${mark}` })
  await api.create('customer_link', { customer: partner.id, other: customer.id, kind: 'referral' })
  await api.create('contact', { name: `龚女士${mark}`, customer: customer.id, role: 'decider' })
  await openRecord(page, 'customer', customer)
  const missing = page.getByText(/^还缺：/)
  await expect(missing).toContainText('纳税人识别号')
  await expect(missing).not.toContainText('行业')
  await expect(missing).not.toContainText('手机')

  await page.getByRole('region', { name: '联系人', exact: true }).scrollIntoViewIfNeeded()
  const graph = page.getByRole('group', { name: `${customer.name}的关系` })
  await expect(graph.getByRole('link')).toHaveText([/集团/, /伙伴/, /龚女士/])
  await expect(graph.getByRole('link', { name: `伙伴${mark} · 转介绍` })).toBeVisible()
  await expect(graph.getByRole('link', { name: `龚女士${mark} · 决策者` })).toBeVisible()
  await graph.getByRole('link', { name: `集团${mark} · 上级公司` }).press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: String(parent.name) })).toBeVisible()
})
