import { expect, listAddress, rowNames, test, unique } from './support'

test('a list is filtered, sorted and grouped', async ({ page, api }) => {
  const mark = unique()
  // 安 < 李 < 张 by pinyin, not by code point (安 5B89, 张 5F20, 李 674E).
  await api.customer({ name: `张三${mark}`, life_cycle: 'signed' })
  await api.customer({ name: `安五${mark}`, life_cycle: 'signed' })
  await api.customer({ name: `李四${mark}`, life_cycle: 'potential' })
  const names = rowNames(page)

  await page.goto('/o/customer')
  await page.getByRole('button', { name: '筛选', exact: true }).click()
  await page.getByRole('textbox', { name: '值' }).fill(mark)
  await page.getByRole('button', { name: '完成' }).click()
  await expect(names).toHaveCount(3)
  await expect(page.getByRole('button', { name: `客户名称 包含 ${mark}`, exact: true })).toBeVisible()

  const column = page.getByRole('columnheader', { name: '客户名称' })
  await column.getByRole('button', { name: '客户名称' }).first().click()
  await expect(column).toHaveAttribute('aria-sort', 'ascending')
  await expect(names).toHaveText([`安五${mark}`, `李四${mark}`, `张三${mark}`])
  await column.getByRole('button', { name: '客户名称' }).first().click()
  await expect(column).toHaveAttribute('aria-sort', 'descending')
  await expect(names).toHaveText([`张三${mark}`, `李四${mark}`, `安五${mark}`])

  await page.getByRole('button', { name: '分组' }).click()
  await page.getByRole('menuitem', { name: '客户阶段' }).click()
  const signed = page.getByRole('button', { name: '签约', expanded: true })
  await expect(signed).toBeVisible()
  await expect(page.getByRole('row').filter({ has: signed })).toContainText('2')
  await signed.click()
  await expect(names).toHaveText([`李四${mark}`])

  // The list is in the address: a colleague who gets the link sees the same.
  await page.reload()
  await expect(page.getByRole('button', { name: '按客户阶段分组' })).toBeVisible()
  await expect(names).toHaveCount(3)

  await page.getByRole('button', { name: `去掉条件：客户名称 包含 ${mark}` }).click()
  await expect(page.getByRole('button', { name: /^去掉条件/ })).toHaveCount(0)
  await expect(names).not.toHaveCount(3)
})

test('customers are found by the first letters of their pinyin', async ({ page, api }) => {
  // Characters with one reading each, in an order nobody else's name has.
  const readings = { 鑫: 'x', 磊: 'l', 淼: 'm', 骏: 'j', 驰: 'c', 腾: 't', 翔: 'x', 巍: 'w', 瑾: 'j', 璞: 'p' }
  const drawn = Array.from({ length: 7 }, () => {
    const all = Object.entries(readings)
    return all[Math.floor(Math.random() * all.length)] ?? ['鑫', 'x']
  })
  const name = drawn.map(([character]) => character).join('')
  const initials = drawn.map(([, letter]) => letter).join('')
  await api.customer({ name })

  await page.goto('/o/customer')
  await page.getByRole('textbox', { name: '在客户中查找' }).fill(initials)
  await expect(rowNames(page)).toHaveText([name])
  // What is in the middle of a name is found as well.
  await page.getByRole('textbox', { name: '在客户中查找' }).fill(name.slice(2, 6))
  await expect(rowNames(page)).toHaveText([name])
})

test('a filter that lets nothing through offers the way back', async ({ page }) => {
  await page.goto(listAddress('customer', ['name', '=', unique()]))
  await expect(page.getByText('没有符合条件的记录')).toBeVisible()
  await page.getByRole('button', { name: '查看全部' }).click()
  await expect(page.getByRole('grid', { name: '客户' })).toBeVisible()
})
