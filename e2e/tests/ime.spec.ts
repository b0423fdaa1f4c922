import type { CDPSession, Page } from '@playwright/test'
import { editorOf, expect, openRecord, rowNames, saved, test, unique } from './support'

/** A real input method as the browser sees one: composition events with the text on its way, then the text chosen. */
class InputMethod {
  private constructor(
    private readonly page: Page,
    private readonly cdp: CDPSession,
  ) {}

  static async on(page: Page) {
    return new InputMethod(page, await page.context().newCDPSession(page))
  }

  async compose(text: string) {
    for (let n = 1; n <= text.length; n++) {
      await this.cdp.send('Input.imeSetComposition', {
        text: text.slice(0, n),
        selectionStart: n,
        selectionEnd: n,
      })
    }
  }

  /** Keys that belong to the input method come with the code 229. */
  async key(key: string) {
    const event = { key, code: key, windowsVirtualKeyCode: 229 }
    await this.cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...event })
    await this.cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event })
  }

  async choose(text: string) {
    await this.cdp.send('Input.insertText', { text })
  }

  /** Runs every timer of the page that would be due by then: whatever was only waiting for a pause happens now. */
  async pause() {
    await this.page.clock.runFor(3000)
  }
}

/** Every question put to the search. */
function questions(page: Page): string[] {
  const asked: string[] = []
  page.on('request', (r) => {
    const { pathname, searchParams } = new URL(r.url())
    if (pathname === '/api/v1/search') asked.push(searchParams.get('q') ?? '')
  })
  return asked
}

test('searching in a list waits for the end of a composition', async ({ page, api }) => {
  const name = `中文输入${unique()}`
  await api.customer({ name })
  const asked = questions(page)
  await page.clock.install()
  await page.goto('/o/customer')
  const find = page.getByRole('textbox', { name: '在客户中查找' })
  await find.focus()

  const ime = await InputMethod.on(page)
  await ime.compose('zhongwenshuru')
  await expect(find).toHaveValue('zhongwenshuru')
  await ime.key('Enter')
  await ime.pause()
  expect(asked).toEqual([])
  expect(new URL(page.url()).search).toBe('')

  await ime.choose(name)
  await expect(find).toHaveValue(name)
  await ime.pause()
  await expect.poll(() => asked).toHaveLength(1)
  await expect(rowNames(page)).toHaveText([name])
  // One question, for what was chosen; nothing of its spelling.
  expect(asked).toEqual([name])
})

test('in the palette Enter belongs to the composition until it ends', async ({ page, api }) => {
  const name = `命令面板${unique()}`
  const customer = await api.customer({ name })
  const asked = questions(page)
  await page.clock.install()
  await page.goto('/trash')
  await expect(page.getByRole('heading', { level: 1, name: '回收站' })).toBeVisible()
  await page.keyboard.press('Control+k')
  const input = page.getByRole('combobox', { name: '搜索与命令' })
  await expect(input).toBeFocused()

  const ime = await InputMethod.on(page)
  await ime.compose('mingling')
  await ime.pause()
  await ime.key('Enter')
  await ime.pause()
  expect(asked).toEqual([])
  await expect(input).toBeVisible()
  await expect(page).toHaveURL('/trash')

  await ime.choose(name)
  await ime.pause()
  await expect(page.getByRole('option', { name })).toHaveAttribute('aria-selected', 'true')
  expect(asked).toEqual([name])
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`/o/customer/${customer.id}`)
})

test('Enter during a composition does not save an edit in place', async ({ page, api }) => {
  const customer = await api.customer({ name: `输入法保存${unique()}`, invoice_title: '原抬头' })
  await openRecord(page, 'customer', customer)
  await page.getByRole('button', { name: '修改发票抬头' }).click()
  const editor = editorOf(page, 'invoice_title')
  await expect(editor).toBeFocused()
  await editor.fill('')

  const ime = await InputMethod.on(page)
  await ime.compose('xintaitou')
  await ime.key('Enter')
  await ime.key('Escape')
  await expect(editor).toHaveValue('xintaitou')
  await ime.choose('新抬头')
  await expect(editor).toHaveValue('新抬头')
  expect((await api.read('customer', customer.id)).version).toBe(customer.version)

  const written = saved(page, 'customer')
  await page.keyboard.press('Enter')
  await written
  await expect(page.getByRole('button', { name: '修改发票抬头' })).toHaveText('新抬头')
})
