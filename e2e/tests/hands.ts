import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, type Locator, type Page } from '@playwright/test'

/** What one does with one's hands for a task. */
interface Effort {
  /** Keys pressed; what is held down with another, such as Ctrl, is no key of its own. */
  keys: number
  /** Clicks and taps; a drag is one. */
  clicks: number
  /** Characters of what one has to say. */
  text: number
}

const docs = new URL('../../docs/', import.meta.url)
const pages = ['keystrokes.md', 'keystrokes.zh-CN.md']
/** Set to anything, the tests make the pictures of the page anew. */
const drawing = Boolean(process.env.KEYSTROKE_PICTURES)

/** Runs in the browser, which sees whatever the hands do, also what a test does in passing. */
function listen() {
  const tell = (what: keyof Effort, count: number) =>
    (window as unknown as { tellHands(what: string, count: number): void }).tellHands(what, count)
  const held = ['Control', 'Shift', 'Alt', 'Meta']
  const writes = (at: EventTarget | null) =>
    at instanceof HTMLTextAreaElement ||
    (at instanceof HTMLInputElement && !at.readOnly && !['checkbox', 'radio', 'button'].includes(at.type))
  addEventListener(
    'keydown',
    (e) => {
      const letter = e.key.length === 1 && !e.ctrlKey && !e.altKey && !e.metaKey
      if (e.isTrusted && !held.includes(e.key) && !(letter && writes(e.target))) tell('keys', 1)
    },
    true,
  )
  addEventListener('pointerdown', (e) => e.isTrusted && tell('clicks', 1), true)
  addEventListener('input', (e) => tell('text', [...((e as InputEvent).data ?? '')].length), true)
}

/** Counts what each named task takes, and holds the page of keystrokes to it. */
export class Hands {
  private at: Effort | undefined
  private readonly done: { task: string; effort: Effort }[] = []

  /** Before the page shows anything. */
  async watch(page: Page): Promise<void> {
    await page.exposeFunction('tellHands', (what: keyof Effort, count: number) => {
      if (this.at) this.at[what] += count
    })
    await page.addInitScript(listen)
  }

  /** The task begins where one stands and ends when its dialog is gone or its page is there. */
  async does(page: Page, task: string, work: () => Promise<unknown>): Promise<void> {
    const effort = { keys: 0, clicks: 0, text: 0 }
    this.at = effort
    await work()
    // What the browser has told arrives before its answer to a question.
    await page.evaluate(() => undefined)
    this.at = undefined
    this.done.push({ task, effort })
  }

  /** The tables under a heading's mark say of every task what was counted, and of no other. */
  agree(chapter: 'salesman' | 'manager'): void {
    for (const page of pages) {
      const text = readFileSync(new URL(page, docs), 'utf8')
      const [, part = ''] = text.split(`<!-- ${chapter} -->`)
      const rows = part
        .split('<!--')[0]
        ?.split('\n')
        .flatMap((line) => {
          const task = /\(images\/([a-z-]+)\.png\)/.exec(line)?.[1]
          const [, , keys, clicks, text] = line.split('|').map((cell) => Number(cell))
          return task ? [{ task, effort: { keys, clicks, text } }] : []
        })
      expect(rows, `docs/${page} says what was counted`).toEqual(this.done)
    }
  }

  /** A picture for the page of keystrokes, of no more than what matters: a dialog, or parts of the page with some air around. */
  async picture(page: Page, task: string, ...parts: Locator[]): Promise<void> {
    if (!drawing) return
    const size = page.viewportSize() ?? { width: 1440, height: 900 }
    const boxes = (await Promise.all(parts.map((part) => part.boundingBox()))).filter((b) => b !== null)
    const dialog = (await parts[0]?.getAttribute('role')) === 'dialog'
    const air = dialog ? 0 : 4
    const left = Math.max(0, Math.min(...boxes.map((b) => b.x)) - air)
    const top = Math.max(0, Math.min(...boxes.map((b) => b.y)) - air)
    const right = Math.min(size.width, Math.max(...boxes.map((b) => b.x + b.width)) + air)
    const bottom = Math.min(size.height, Math.max(...boxes.map((b) => b.y + b.height)) + air)
    await page.screenshot({
      path: fileURLToPath(new URL(`images/${task}.png`, docs)),
      clip: { x: left, y: top, width: right - left, height: bottom - top },
      animations: 'disabled',
    })
  }
}

const any = (signs: string, count: number) =>
  Array.from({ length: count }, () => signs[Math.floor(Math.random() * signs.length)]).join('')
const places = ['宁波', '苏州', '无锡', '绍兴', '嘉兴', '常州', '南通', '温州', '台州', '湖州']

/** A company as there might be one, of always the same length, that no other test has met. */
export function company(kind = '机电'): string {
  const place = places[Math.floor(Math.random() * places.length)]
  return `${place}${any('瑞恒昌华盛泰鼎兴隆宏远达信诚博正嘉凯伟丰广源汇通永安康宁顺锦', 3)}${kind}有限公司`
}

/** A colleague's name, likewise. */
export function fullName(): string {
  return `${any('陈林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓', 1)}${any('思雨浩然子轩欣怡俊杰文博梓晨佳琪志远晓彤明哲静雯', 2)}`
}

/** What Enter takes in an open list. */
export const offered = (page: Page, name: string): Locator =>
  page.locator('.ant-select-dropdown:visible .ant-select-item-option-active').filter({ hasText: name })

/** The head of a card on the desk and what stands in it, without the room that is left. */
export const linesOf = (card: Locator): Locator[] => [card.getByRole('heading'), card.getByRole('listitem').last()]
