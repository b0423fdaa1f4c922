import { expect, saved, test, unique } from './support'

test('a day is reported, read and answered, and who has not reported is seen', async ({ page, api, pageOf }) => {
  const name = `汇报${unique()}`
  const seller = await api.person(name, 'member')
  const own = await pageOf(seller)

  // Nothing is done yet; a call brings itself into the draft while the page is open.
  await own.goto('/work-reports')
  await expect(own.getByText('这段时间还没有记录')).toBeVisible()
  const customer = await api.customer({ name: `客户${name}`, owner: seller.id })
  await api.create('follow_up', {
    content: '谈了年度框架', customer: customer.id, kind: 'call', result: 'interested', owner: seller.id,
  })
  const summary = own.getByRole('textbox', { name: '工作总结' })
  await expect(summary).toHaveValue(new RegExp(`客户${name}，电话 · 有意向：谈了年度框架`))
  await expect(own.getByRole('list', { name: '工作量' })).toContainText('有效电话1')

  await summary.press('End')
  await own.getByRole('textbox', { name: '问题与所需支持' }).fill('需要样品')
  // What is typed outlives the page.
  await expect.poll(() => own.evaluate(() => JSON.stringify(localStorage).includes('需要样品'))).toBe(true)
  await own.reload()
  await expect(own.getByRole('textbox', { name: '问题与所需支持' })).toHaveValue('需要样品')
  const sent = saved(own, 'work_report', 'POST')
  await own.getByRole('button', { name: '提交' }).click()
  await sent
  const report = own.getByRole('article')
  await expect(report).toContainText('需要样品')

  // His leader sees that he has, reads it and answers.
  await page.goto('/work-reports?view=team')
  const row = page.getByRole('table', { name: '提交情况' }).getByRole('row').filter({ hasText: name })
  await expect(row).toContainText('已提交')
  await page.getByRole('radiogroup', { name: '看什么' }).getByText('看汇报').click()
  const card = page.getByRole('article').filter({ hasText: `客户${name}` })
  const answer = card.getByRole('textbox', { name: '写评论' })
  await answer.fill('样品明天寄')
  const said = saved(page, 'report_comment', 'POST')
  await answer.press('Control+Enter')
  await said
  await expect(card.getByRole('list', { name: '评论' })).toContainText('样品明天寄')
  await expect(report.getByRole('list', { name: '评论' })).toContainText('样品明天寄')
  // Sent once; what he did is still counted.
  const reports = await api.find('work_report', ['owner', '=', seller.id])
  expect(reports.map((r) => [r.kind, r.effective_calls, r.problems])).toEqual([['daily', 1, '需要样品']])
  await own.goto('/')
  const today = own.getByRole('region', { name: '今日工作量' })
  // A card asks when it is seen.
  await today.scrollIntoViewIfNeeded()
  await expect(today).toContainText('日报已提交')
})
