import { createHmac } from 'node:crypto'
import { expect, test, unique } from './support'

test.use({ viewer: 'nobody' })

/** What the app on a phone shows. */
function codeAt(secret: string, moment: number): string {
  const bits = [...secret.replace(/\s/g, '')]
    .map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(moment / 30_000)))
  const tag = createHmac('sha1', key).update(step).digest()
  const at = (tag[19] ?? 0) & 15
  return String((tag.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

test('one turns two-step verification on, and signs in with the phone or with a recovery code', async ({
  page,
  pageOf,
  api,
}) => {
  const who = await api.person(`两步${unique()}`, 'member')
  const own = await pageOf(who)
  await own.goto('/account')
  await own.getByRole('button', { name: '开启两步验证' }).click()
  const dialog = own.getByRole('dialog')
  await dialog.getByLabel('当前密码').fill(who.password)
  await dialog.getByRole('button', { name: '下一步' }).click()
  await expect(dialog.getByRole('img', { name: '绑定验证器的二维码' })).toBeVisible()
  const secret = (await dialog.locator('code').textContent()) ?? ''
  await dialog.getByLabel('验证码').fill(codeAt(secret, Date.now()))
  await dialog.getByRole('button', { name: /确\s*认/ }).click()
  await expect(dialog.getByRole('listitem')).toHaveCount(10)
  const [recovery = ''] = await dialog.getByRole('listitem').allTextContents()
  await dialog.getByRole('button', { name: '我已保存好' }).click()
  await expect(own.getByText('还有 10 个恢复码')).toBeVisible()

  const signIn = async () => {
    await page.goto('/sign-in')
    await page.getByLabel('账号').fill(who.login)
    await page.getByLabel('密码').fill(who.password)
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await expect(page.getByRole('heading', { name: '请输入验证码' })).toBeVisible()
  }
  await signIn()
  const code = page.getByLabel('验证码或恢复码')
  await code.fill('000000')
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('验证码不对')
  // The code of the next half minute: the one that confirmed the app was used.
  await code.fill(codeAt(secret, Date.now() + 30_000))
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(who.name)

  await page.context().clearCookies()
  await signIn()
  await code.fill(recovery.trim())
  await code.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toContainText(who.name)
})

test('an administrator demands stronger passwords, and sees who is locked', async ({ page, pageOf, api }) => {
  const admin = await api.person(`安全${unique()}`)
  const who = await api.person(`锁定${unique()}`, 'member')
  for (let i = 0; i < 5; i++) {
    await page.request.post('/api/v1/session', { data: { login: who.login, password: 'a wrong guess' } })
  }
  await page.goto('/sign-in')
  await page.getByLabel('账号').fill(who.login)
  await page.getByLabel('密码').fill(who.password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('尝试次数过多')

  const desk = await pageOf(admin)
  await desk.goto('/admin/sign-in')
  await desk.getByLabel('最少位数').fill('10')
  await desk.getByRole('button', { name: /保\s*存/ }).first().click()
  await expect(desk.getByText('已保存，立即生效')).toBeVisible()
  expect(await api.call('GET', '/sign-in')).toMatchObject({ password: { min_length: 10 } })
  await api.call('PATCH', '/sign-in/settings', { min_length: 8 })

  await desk.getByRole('button', { name: `解除“${who.name}”的锁定` }).click()
  await expect(desk.getByText(`“${who.name}”可以重新登录了`)).toBeVisible()
  await page.reload()
  await page.getByLabel('账号').fill(who.login)
  await page.getByLabel('密码').fill(who.password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await expect(page.getByRole('navigation', { name: '主导航' })).toBeVisible()
})
