import { expect, saved, test, unique } from './support'

test('a custom field made over the API stands in an open form without a reload', async ({ page, api }) => {
  const mark = unique()
  const zh = `自定义${mark}`
  await page.goto('/o/product')
  await page.getByRole('button', { name: '新建产品', exact: true }).first().click()
  const form = page.getByRole('dialog', { name: '新建产品' })
  await form.getByLabel('产品名称').fill(`产品${mark}`)
  await expect(form.getByLabel('产品名称')).toHaveValue(`产品${mark}`)

  const field = await api.call<{ name: string }>('POST', '/catalog/product/fields', {
    name: `e2e_${mark}`,
    type: 'text',
    label: { zh, en: `Custom ${mark}` },
  })
  // Fields that the short form does not name stand behind one button.
  await form.getByRole('button', { name: /^填写全部字段/ }).click()
  await expect(form.getByLabel(zh)).toBeVisible()
  // What was typed before is still there.
  await expect(form.getByLabel('产品名称')).toHaveValue(`产品${mark}`)

  await form.getByLabel(zh).fill('新值')
  const written = saved(page, 'product', 'POST')
  await form.getByRole('button', { name: '保存', exact: true }).click()
  await written
  await expect(page.getByRole('heading', { level: 1, name: `产品${mark}` })).toBeVisible()
  await expect(page.getByRole('button', { name: `修改${zh}` })).toHaveText('新值')
  const [made] = await api.find('product', [field.name, '=', '新值'])
  expect(made?.name).toBe(`产品${mark}`)
})
