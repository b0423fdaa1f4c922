import { expect, test } from './support'

test('an administrator sets the directory and is told what does not work', async ({ page, api }) => {
  await page.goto('/admin/sign-in')
  const card = page.getByRole('region', { name: '公司目录（LDAP / Active Directory）' })
  await card.getByLabel('服务器地址').fill('ldap://dc.example.com')
  await card.getByLabel('从哪里开始查找').fill('dc=example,dc=com')
  await card.getByRole('button', { name: '保存' }).click()
  await expect(card.getByText('密码会以明文传输')).toBeVisible()
  // Nobody listens there.
  await card.getByLabel('服务器地址').fill('ldap://127.0.0.1:1')
  await card.getByRole('button', { name: '保存' }).click()
  await expect(page.getByText('已保存，立即生效')).toBeVisible()
  await card.getByRole('button', { name: '开始测试' }).click()
  const steps = card.getByRole('list', { name: '测试结果' })
  await expect(steps.getByRole('listitem')).toHaveCount(1)
  await expect(steps).toContainText('无法连接目录')
  await expect(steps.getByLabel('失败')).toBeVisible()
  await api.call('PATCH', '/sign-in/ldap', { address: '', base_dn: '' })
})
