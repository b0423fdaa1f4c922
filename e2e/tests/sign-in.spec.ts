import { expect, test, unique } from './support'

test.use({ viewer: 'nobody' })

test('a wrong password is told, the right one leads home, and signing out ends the session', async ({
  page,
  api,
}) => {
  const who = await api.person(`登录${unique()}`)

  await page.goto('/')
  await expect(page).toHaveURL(/\/sign-in/)
  await page.getByLabel('账号').fill(who.login)
  await page.getByLabel('密码').fill('not the password')
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('账号或密码不对')
  await expect(page).toHaveURL(/\/sign-in/)

  // The login stays typed; only the password is asked again.
  await expect(page.getByLabel('账号')).toHaveValue(who.login)
  await page.getByLabel('密码').fill(who.password)
  await page.getByLabel('密码').press('Enter')
  await expect(page).toHaveURL('/')
  await expect(page.getByRole('heading', { level: 1 })).toContainText(who.name)
  await expect(page.getByRole('navigation', { name: '主导航' })).toBeVisible()

  await page.getByRole('button', { name: who.name }).click()
  await page.getByRole('menuitem', { name: '退出登录' }).click()
  await expect(page).toHaveURL(/\/sign-in/)
  // Not only the page has forgotten: the server too.
  await page.goto('/o/customer')
  await expect(page).toHaveURL(/\/sign-in\?next=/)
  await expect(page.getByLabel('账号')).toBeVisible()
})

test('after signing in one lands where one wanted to go', async ({ page, api }) => {
  const who = await api.person(`登录${unique()}`)
  await page.goto('/o/opportunity')
  await page.getByLabel('账号').fill(who.login)
  await page.getByLabel('密码').fill(who.password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await expect(page).toHaveURL(/\/o\/opportunity/)
  await expect(page.getByRole('heading', { level: 1, name: '商机' })).toBeVisible()
})
