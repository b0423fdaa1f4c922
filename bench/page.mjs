// What the page costs before it can be seen, and whether a list of a million customers scrolls smoothly. Run by
// `scripts/bench page`, after the company was built; headless Chromium draws without a graphics card.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { chromium } from '../e2e/node_modules/@playwright/test/index.mjs'

const rows = process.env.BENCH_ROWS ?? '1000000'
const folder = process.env.BENCH_FOLDER ?? 'bench/data'
const program = process.env.BENCH_PROGRAM ?? 'target/release/guanxi'
const address = '127.0.0.1:8997'
const server = spawn(
  program,
  ['serve', '--data', `${folder}/sqlite-${rows}/data`, '--workspace', `bench${rows}`, '--listen', address],
  { stdio: 'ignore' },
)
const pause = (ms) => new Promise((done) => setTimeout(done, ms))
const lines = []
const add = (what, measured, budget) => lines.push(`| ${what} | ${measured} | ${budget} |`)

try {
  for (let tries = 0; tries < 200; tries++) {
    if (await fetch(`http://${address}/healthz`).then((r) => r.ok, () => false)) break
    await pause(50)
  }
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const network = await page.context().newCDPSession(page)
  await network.send('Network.enable')
  let bytes = 0
  network.on('Network.loadingFinished', (event) => {
    bytes += event.encodedDataLength
  })
  // What had come by the time something was first seen, and when that was.
  const paint = () =>
    page.evaluate(() => {
      const at = performance.getEntriesByName('first-contentful-paint')[0].startTime
      const files = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      const bytes = files.filter((f) => f.responseEnd <= at).reduce((sum, f) => sum + f.transferSize, 0)
      return `${(bytes / 1024).toFixed(0)} KiB transferred, after ${at.toFixed(0)} ms`
    })
  await page.goto(`http://${address}/`)
  await page.locator('input[type=password]').waitFor()
  add('first paint', await paint(), '300 KB before first paint')
  add('sign-in form on the page', `${(bytes / 1024).toFixed(0)} KiB transferred`, '–')
  await page.locator('input').first().fill('admin')
  await page.locator('input[type=password]').fill('bench-password-1')
  await page.keyboard.press('Enter')
  await page.getByRole('navigation').first().waitFor()

  bytes = 0
  await page.goto(`http://${address}/o/customer`)
  await page.getByRole('link', { name: /有限公司|^.{2,4}$/ }).first().waitFor()
  const list = await page.evaluate(async () => {
    const scroller = [...document.querySelectorAll('*')]
      .filter((e) => e.scrollHeight > e.clientHeight + 200 && /auto|scroll/.test(getComputedStyle(e).overflowY))
      .sort((a, b) => b.scrollHeight - a.scrollHeight)[0]
    const frames = []
    let last = performance.now()
    const until = last + 8000
    return await new Promise((done) => {
      function frame(now) {
        frames.push(now - last)
        last = now
        // As a wheel that is turned without rest.
        scroller.scrollTop += 60
        if (now < until) requestAnimationFrame(frame)
        else done({ frames: frames.slice(10), reached: scroller.scrollTop, height: scroller.scrollHeight })
      }
      requestAnimationFrame(frame)
    })
  })
  const sorted = list.frames.toSorted((a, b) => a - b)
  const at = (share) => sorted[Math.floor((sorted.length - 1) * share)].toFixed(1)
  const perSecond = (1000 * sorted.length) / sorted.reduce((sum, frame) => sum + frame, 0)
  add(`list of ${rows} customers, scrolled without rest`, `${perSecond.toFixed(0)} frames/s, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms`, '60 frames/s')
  await browser.close()
} finally {
  server.kill()
}
const table = `# page\n\nHeadless Chromium without a graphics card, beside the server on the same machine.\n\n| what | measured | budget |\n|---|---|---|\n${lines.join('\n')}\n`
console.log(table)
writeFileSync(new URL('results/page.md', import.meta.url), table)
