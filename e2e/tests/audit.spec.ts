import AxeBuilder from '@axe-core/playwright'
import { expect, listAddress, openRecord, saved, test, unique } from './support'

const OFF = { watermark: false, export_rows_per_day: null, records_per_hour: null, approve_exports_above: null }

test.afterEach(async ({ api }) => {
  await api.call('PUT', '/settings/data_safety', OFF)
})

test('a change is found in the audit, opened, taken as a table, and brought back', async ({ page, api }) => {
  const mark = unique()
  const customer = await api.customer({ name: `审计${mark}`, remark: `旧的${mark}` })
  await api.update('customer', customer.id, { remark: `新的${mark}` })

  await page.goto('/')
  await page.getByRole('navigation').getByRole('link', { name: '审计', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: '审计' })).toBeVisible()
  const row = page.getByRole('row').filter({ hasText: `新的${mark}` })
  await expect(row).toContainText(`旧的${mark}`)
  await expect(row).toContainText('127.0.0.1')
  await expect(row).toContainText('接口')
  await page.getByText('权限变更', { exact: true }).click()
  await expect(row).toHaveCount(0)
  await page.getByText('全部变更', { exact: true }).click()
  await expect(row).toBeVisible()
  expect((await new AxeBuilder({ page }).analyze()).violations.filter((v) => v.impact === 'critical')).toEqual([])

  await page.goto(`/admin/audit?object=customer&record=${customer.id}`)
  await expect(page.getByRole('row')).toHaveCount(3)
  await page.getByRole('button', { name: '导出' }).click()
  await page.getByText('CSV', { exact: true }).click()
  await page.getByRole('button', { name: '开始导出' }).click()
  const file = page.waitForEvent('download')
  await page.getByRole('link', { name: '下载文件' }).click()
  expect((await file).suggestedFilename()).toMatch(/^审计-.*\.csv$/)
  await page.keyboard.press('Escape')

  await row.getByRole('link', { name: `审计${mark}` }).click()
  await expect(page.getByRole('heading', { level: 1, name: `审计${mark}` })).toBeVisible()
  await page.getByRole('tab', { name: '修改记录' }).click()
  await page.getByRole('button', { name: '把备注恢复到此值' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText(`新的${mark}`)
  await expect(dialog).toContainText(`旧的${mark}`)
  const write = saved(page, 'customer')
  await dialog.getByRole('button', { name: /^恢\s?复$/ }).click()
  await write
  expect((await api.read('customer', customer.id)).remark).toBe(`旧的${mark}`)
})

test('a link whose target is gone is not brought back, and the page says why', async ({ page, api }) => {
  const mark = unique()
  const parent = await api.customer({ name: `母公司${mark}` })
  const customer = await api.customer({ name: `子公司${mark}`, parent: parent.id })
  await api.update('customer', customer.id, { parent: null })
  await api.call('DELETE', `/records/customer/${parent.id}`)
  await openRecord(page, 'customer', customer)
  await page.getByRole('tab', { name: '修改记录' }).click()
  await page.getByRole('button', { name: /恢复到此值$/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: /^恢\s?复$/ }).click()
  await expect(page.getByText('关联的对象已经不存在')).toBeVisible()
  expect((await api.read('customer', customer.id)).parent).toBeNull()
})

test('with data safety on, a large export waits for an administrator and every page is marked', async ({
  page,
  api,
  pageOf,
}) => {
  const person = await api.person(`导出员${unique()}`, 'member')
  await page.goto('/admin/data-safety')
  await page.getByRole('switch', { name: '显示水印' }).click()
  await page.getByRole('spinbutton', { name: '超过多少行需要审批' }).fill('0')
  await page.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(page.getByText('已保存')).toBeVisible()
  await expect(page.getByTestId('watermark')).toBeAttached()
  expect((await new AxeBuilder({ page }).analyze()).violations.filter((v) => v.impact === 'critical')).toEqual([])

  const his = await pageOf(person)
  await his.goto('/o/customer')
  await his.getByRole('button', { name: '新建客户' }).first().click()
  const form = his.getByRole('dialog')
  await form.getByLabel('客户名称').fill(`水印下${unique()}`)
  await form.getByRole('button', { name: /^保\s?存$/ }).click()
  await expect(form).toBeHidden()
  // Not what lies in the pool of all besides.
  await his.goto(listAddress('customer', ['owner', '=', 'me']))
  await his.getByRole('button', { name: '导出', exact: true }).click()
  await his.getByRole('button', { name: '开始导出' }).click()
  await expect(his.getByText('正在等待管理员审批')).toBeVisible()

  await page.goto('/admin/exports')
  const asked = page.getByRole('listitem').filter({ hasText: person.name })
  await expect(asked).toContainText('1 行')
  await asked.getByRole('button', { name: /^批\s?准$/ }).click()
  await expect(asked).toHaveCount(0)
  await expect(his.getByRole('link', { name: '下载文件' })).toBeVisible()
  const decisions = await api.find('access_event', ['kind', '=', 'export_decision'])
  expect(decisions.length).toBeGreaterThan(0)
})
