// How long the desk and other pages of a manager of two hundred wait for the server. Run by `scripts/bench desk`, after the company was
// built: Chromium opens each page once, and what it asked for is asked again and again, six at a time as a browser does.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { chromium } from '../e2e/node_modules/@playwright/test/index.mjs'

const rows = process.env.BENCH_ROWS ?? '1000000'
const folder = process.env.BENCH_FOLDER ?? 'bench/data'
const program = process.env.BENCH_PROGRAM ?? 'target/release/guanxi'
const repeats = Number(process.env.BENCH_REPEATS ?? 100)
const postgres = process.env.BENCH_DB === 'postgres'
const kind = postgres ? 'postgres' : 'sqlite'
const port = 8996
const origin = `http://127.0.0.1:${port}`
const place = ['--data', `${folder}/${kind}-${rows}/data`, '--workspace', `bench${rows}`]
if (postgres) place.push('--database', process.env.GUANXI_TEST_POSTGRES)
const server = spawn(program, ['serve', ...place, '--listen', `127.0.0.1:${port}`], { stdio: 'ignore' })
const pause = (ms) => new Promise((done) => setTimeout(done, ms))
const agent = new Agent({ keepAlive: true, maxSockets: 6 })

/** Asks once more; answers the milliseconds it took. */
function ask({ method, url, headers, body }) {
  return new Promise((done, fail) => {
    const begun = performance.now()
    const sent = request(url, { method, headers, agent }, (answer) => {
      answer.resume()
      answer.on('end', () =>
        // What the browser has already is told to be the same.
        answer.statusCode < 300 || answer.statusCode === 304
          ? done(performance.now() - begun)
          : fail(new Error(`${method} ${url}: ${answer.statusCode}`)),
      )
    })
    sent.on('error', fail)
    sent.end(body ?? undefined)
  })
}

const at = (sorted, share) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
const ordered = (times) => times.toSorted((a, b) => a - b)

/** The pages, and whose records the desk counts. */
const pages = [
  ['desk of his department', '/', 'team'],
  ['desk of all he may see', '/', 'all'],
  ['people', '/people'],
  ['sales analysis', '/sales/analysis'],
  ['forecast', '/forecast'],
  ['targets', '/targets'],
  ['work reports', '/work-reports'],
  ['schedule', '/schedule'],
  ['pools', '/pools'],
]
const lines = []

try {
  for (let tries = 0; tries < 400; tries++) {
    if (await fetch(`${origin}/healthz`).then((r) => r.ok, () => false)) break
    await pause(50)
  }
  // A server that has just been started does first what is due at night.
  await pause(30_000)
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  /** Signs in and answers the page, and a way to ask the server as its user. */
  const enter = async (login) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const page = await context.newPage()
    await page.goto(origin)
    await page.locator('input[type=password]').waitFor()
    await page.locator('input').first().fill(login)
    await page.locator('input[type=password]').fill('bench-password-1')
    await page.keyboard.press('Enter')
    await page.getByRole('navigation').first().waitFor()
    const tell = (method, path, body) =>
      page.evaluate(
        async ([method, path, body]) => {
          const headers = { 'content-type': 'application/json' }
          const sent = await fetch(`/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) })
          if (!sent.ok) throw new Error(`${method} ${path}: ${sent.status} ${await sent.text()}`)
          return sent.status === 204 ? undefined : sent.json()
        },
        [method, path, body],
      )
    return { page, tell }
  }
  // He leads the department.
  const admin = await enter('admin')
  const one = async (object, field, value) => {
    const filter = encodeURIComponent(JSON.stringify([field, '=', value]))
    return (await admin.tell('GET', `/records/${object}?filter=${filter}`)).items[0].id
  }
  const department = await one('department', 'name', '大区')
  await admin.tell('PATCH', `/records/department/${department}`, { manager: await one('user', 'login', 'director') })
  await admin.page.close()
  const { page, tell } = await enter('director')

  for (const [name, path, scope] of pages) {
    if (scope) await tell('PUT', '/preferences/home_scope', scope)
    const asked = []
    const note = (r) => {
      const { pathname } = new URL(r.url())
      if (pathname.startsWith('/api/v1/') && !pathname.endsWith('/events')) asked.push(r)
    }
    page.on('request', note)
    await page.goto(`${origin}${path}`)
    // Whatever the page asks for later than this it does not wait for.
    await pause(4000)
    page.off('request', note)
    const cookies = await page.context().cookies()
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    const all = await Promise.all(
      asked
        .filter((r) => r.method() === 'GET' || r.url().endsWith('/aggregate'))
        // What is asked again because something has changed meanwhile is no part of opening the page.
        .filter((r, index, rest) => index === rest.findIndex((o) => o.url() === r.url() && o.postData() === r.postData()))
        .map(async (r) => {
          const headers = await r.allHeaders()
          for (const key of Object.keys(headers)) if (key.startsWith(':')) delete headers[key]
          delete headers['accept-encoding']
          // The same question again is a question of its own.
          delete headers['idempotency-key']
          // What the page gave up before it was sent has none yet.
          headers.cookie ??= cookie
          return { method: r.method(), url: r.url(), headers, body: r.postData() }
        }),
    )
    const whole = []
    const each = all.map(() => [])
    for (let round = 0; round < repeats + 10; round++) {
      const begun = performance.now()
      const times = await Promise.all(all.map(ask))
      if (round < 10) continue
      whole.push(performance.now() - begun)
      times.forEach((ms, index) => each[index].push(ms))
    }
    // What a single request takes when nothing else is asked.
    const alone = []
    for (const one of all) {
      const times = []
      for (let round = 0; round < 15; round++) times.push(await ask(one))
      alone.push(at(ordered(times), 0.5))
    }
    const slowest = alone.indexOf(Math.max(...alone))
    const sorted = ordered(whole)
    const p99 = at(sorted, 0.99)
    const what = `${all[slowest].method} ${new URL(all[slowest].url).pathname.replace('/api/v1', '')}`
    lines.push(
      `| ${name} | ${all.length} requests: p50 ${at(sorted, 0.5).toFixed(0)} ms, p99 ${p99.toFixed(0)} ms | ${alone[slowest].toFixed(1)} ms: \`${what}\` | p99 100 ms | ${p99 <= 100 ? 'holds' : 'MISSES'} |`,
    )
    if (process.env.BENCH_EACH) {
      all.forEach((one, index) =>
        console.log(`${alone[index].toFixed(1)} ms  ${one.method} ${decodeURIComponent(one.url.slice(origin.length))} ${one.body ?? ''}`),
      )
    }
    console.log(lines.at(-1))
  }
  await browser.close()
} catch (error) {
  // What is still being asked fails with it, and says less.
  console.error(error)
  server.kill()
  process.exit(1)
}
server.kill()
agent.destroy()
const table = `# Pages of a manager of 200, ${kind}\n\n${rows} customers and 100000 of his people's, 200000 follow-ups, 50000 deals, tasks and leads each; the page's own requests, ${repeats} times, six at\na time, on the machine that serves them.\n\n| page | all it waits for | slowest alone | budget | |\n|---|---|---|---|---|\n${lines.join('\n')}\n`
writeFileSync(new URL(`results/desk-${kind}.md`, import.meta.url), table)
