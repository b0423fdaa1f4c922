import { expect, rowNames, test, unique } from './support'

test('with the keyboard alone: palette to a record, back, through the list, and out again', async ({
  page,
  api,
}) => {
  const mark = unique()
  const one = await api.customer({ name: `键盘一${mark}` })
  const two = await api.customer({ name: `键盘二${mark}` })
  const title = (name: unknown) => page.getByRole('heading', { level: 1, name: String(name) })

  await page.goto('/')
  await expect(page.getByRole('navigation', { name: '主导航' })).toBeVisible()
  const palette = page.getByRole('combobox', { name: '搜索与命令' })

  // Esc closes what is open and leaves the page as it was.
  await page.keyboard.press('Control+k')
  await expect(palette).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(palette).toBeHidden()

  // The slash opens it as well.
  await page.keyboard.press('/')
  await expect(palette).toBeFocused()
  await page.keyboard.type(String(two.name))
  await expect(page.getByRole('option', { name: String(two.name) })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(title(two.name)).toBeVisible()

  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/\/o\/customer(\?|$)/)
  await expect(page.getByRole('grid', { name: '客户' })).toBeVisible()

  await page.keyboard.press('f')
  await expect(page.getByRole('textbox', { name: '在客户中查找' })).toBeFocused()
  await page.keyboard.type(mark)
  // The newest stands first.
  await expect(rowNames(page)).toHaveText([String(two.name), String(one.name)])
  await page.keyboard.press('Escape')
  await expect(page.getByRole('textbox', { name: '在客户中查找' })).not.toBeFocused()

  const active = () => page.getByRole('grid').getAttribute('aria-activedescendant')
  await page.keyboard.press('j')
  await expect.poll(active).toBe('cell-0-0')
  await page.keyboard.press('j')
  await expect.poll(active).toBe('cell-1-0')
  await page.keyboard.press('k')
  await expect.poll(active).toBe('cell-0-0')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(title(one.name)).toBeVisible()

  // On a record j and k lead to its neighbours of the list one came from.
  await page.keyboard.press('k')
  await expect(title(two.name)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(rowNames(page)).toHaveText([String(two.name), String(one.name)])

  await page.keyboard.press('c')
  const form = page.getByRole('dialog', { name: '新建客户' })
  await expect(form.getByRole('textbox', { name: /^客户名称/ })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(form).toBeHidden()
})
