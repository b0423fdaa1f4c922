import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, listAddress, openRecord, test, unique } from './support'

/** Serious and critical findings of axe, short enough to read in a failed test. */
async function findings(page: Page): Promise<string[]> {
  // Half way from one colour to another nothing has the contrast that it will have. What turns for ever is not waited for.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((a) => a.effect?.getTiming().iterations !== Number.POSITIVE_INFINITY)
        .map((a) => a.finished.catch(() => undefined)),
    ),
  )
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] })
  // The dark page differs in nothing but its colours.
  const dark = (await page.locator('html').getAttribute('data-theme')) === 'dark'
  const { violations } = await (dark ? axe.withRules('color-contrast') : axe).analyze()
  return violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.id} at ${v.nodes.length} places, such as ${v.nodes[0]?.target} · ${v.nodes[0]?.html.slice(0, 200)}`)
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme })

    test.describe('signed out', () => {
      test.use({ viewer: 'nobody' })
      test('axe finds nothing serious on the sign-in page', async ({ page }) => {
        await page.goto('/sign-in')
        await expect(page.getByLabel('密码')).toBeVisible()
        await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
        expect(await findings(page)).toEqual([])
        await page.getByRole('button', { name: '登录其他帐套' }).click()
        await expect(page.getByRole('textbox', { name: '帐套' })).toBeFocused()
        expect(await findings(page), 'with a workspace').toEqual([])
      })
    })

    test('axe finds nothing serious on home, list, board, record and form', async ({ page, api }) => {
      const mark = unique()
      const customer = await api.customer({ name: `无障碍${mark}`, level: 'a', invoice_title: '抬头' })
      for (const stage of ['初步接触', '方案报价', '赢单', '输单']) {
        await api.create('opportunity', {
          name: `${stage}${mark}`,
          customer: customer.id,
          amount: '5000',
          stage: (await api.stage(stage)).id,
        })
      }
      await api.create('follow_up', { customer: customer.id, content: '打过电话' })

      await page.goto('/')
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
      await expect(page.getByRole('heading', { name: '商机漏斗' })).toBeVisible()
      await expect(page.locator('[class*="bone" i]')).toHaveCount(0)
      expect.soft(await findings(page), 'the desk').toEqual([])
      await page.keyboard.press('d')
      await expect(page.getByRole('list', { name: '桌面上的卡片' })).toBeVisible()
      expect.soft(await findings(page), 'the desk while it is arranged').toEqual([])

      await page.goto('/o/customer')
      await expect(page.getByRole('grid').getByRole('link').first()).toBeVisible()
      expect.soft(await findings(page), 'list').toEqual([])

      // A few cards of each kind: a hundred like them only take axe longer.
      await page.goto(listAddress('opportunity', ['name', 'contains', mark], { view: 'board' }))
      await expect(page.getByRole('article')).toHaveCount(4)
      expect.soft(await findings(page), 'board').toEqual([])

      await page.goto('/admin/roles')
      await expect(page.getByRole('combobox', { name: '客户 · 查看', exact: true }).or(page.getByText('管理员始终拥有全部权限')).first()).toBeVisible()
      expect.soft(await findings(page), 'roles').toEqual([])

      await page.goto('/people')
      await expect(page.getByRole('table', { name: '我的员工' }).getByRole('link').first()).toBeVisible()
      await expect(page.locator('[class*="bone" i]')).toHaveCount(0)
      expect.soft(await findings(page), 'people').toEqual([])

      for (const span of ['week', 'month', 'agenda']) {
        await page.goto(`/schedule?span=${span}`)
        await expect(page.getByRole('heading', { level: 1, name: '日程' })).toBeVisible()
        await expect(page.locator('[class*="bone" i]')).toHaveCount(0)
        expect.soft(await findings(page), `schedule by ${span}`).toEqual([])
      }

      const owner = await api.person(`交接${mark}`, 'member')
      await api.customer({ name: `待交接${mark}`, owner: owner.id })
      await page.goto(`/admin/handovers/new/${owner.id}`)
      await page.getByRole('button', { name: '按条件拆分 客户', exact: true }).click()
      await expect(page.getByRole('group', { name: '第 1 部分' })).toBeVisible()
      expect.soft(await findings(page), 'handover').toEqual([])

      await openRecord(page, 'customer', customer)
      await expect(page.getByRole('tabpanel', { name: '动态' })).toContainText('打过电话')
      expect.soft(await findings(page), 'record').toEqual([])

      await page.getByRole('button', { name: '编辑' }).click()
      await expect(page.getByRole('dialog', { name: '编辑客户' }).getByRole('textbox', { name: /^客户名称/ })).toBeVisible()
      expect.soft(await findings(page), 'form').toEqual([])
    })

    test('axe finds nothing serious where records are shared', async ({ page, api }) => {
      const mark = unique()
      const customer = await api.customer({ name: `共享${mark}`, level: 'a' })
      const who = await api.person(`同事${mark}`, 'member')
      await api.create('sharing_rule', {
        name: `规则${mark}`,
        object: 'customer',
        criteria: JSON.stringify(['level', '=', 'a']),
        users: [who.id],
      })
      await page.goto('/admin/sharing-rules')
      const rule = page.getByRole('button', { name: `规则${mark}`, exact: true })
      await expect(rule).toBeVisible()
      expect.soft(await findings(page), 'sharing rules').toEqual([])
      await rule.click()
      await expect(page.getByText(/现在符合/)).toBeVisible()
      expect.soft(await findings(page), 'a sharing rule').toEqual([])

      await api.create('territory', { name: `区域${mark}`, region: '330000', members: [who.id] })
      await page.goto('/admin/territories')
      await expect(page.getByRole('link', { name: /个客户/ }).first()).toBeVisible()
      expect.soft(await findings(page), 'territories').toEqual([])
      await page.goto('/admin/departments')
      await expect(page.getByText('销售部', { exact: true })).toBeVisible()
      expect.soft(await findings(page), 'departments').toEqual([])
      await page.goto('/admin/workspaces')
      await expect(page.getByRole('row').filter({ hasText: '主帐套' })).toBeVisible()
      expect.soft(await findings(page), 'workspaces').toEqual([])
      await page.getByRole('button', { name: '新建帐套' }).click()
      await expect(page.getByRole('dialog', { name: '新建帐套' })).toBeVisible()
      expect.soft(await findings(page), 'a new workspace').toEqual([])
      await page.goto('/account')
      await page.getByRole('button', { name: '我的权限' }).click()
      await expect(page.getByRole('heading', { name: '额外共享' })).toBeVisible()
      expect.soft(await findings(page), 'my rights').toEqual([])

      await api.call('PUT', `/records/customer/${customer.id}/team/${who.id}`, { level: 'write' })
      await openRecord(page, 'customer', customer)
      await page.getByRole('region', { name: '团队' }).getByRole('button', { name: '添加同事' }).click()
      await expect(page.getByRole('form', { name: '添加同事' })).toBeVisible()
      expect.soft(await findings(page), 'team').toEqual([])
    })
  })
}
