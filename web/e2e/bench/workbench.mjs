// Figures of the workbench on this machine; see tests/bench/workbench.sh, which starts the server.
import { chromium } from '@playwright/test'

const base = process.env.SHOUWEN_URL
const password = process.env.SHOUWEN_DEMO_PASSWORD
const rowsWanted = Number(process.env.ROWS ?? 11_000)
const times = Number(process.env.TIMES ?? 9)
const login = 'agent1'

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]
const spread = (list) =>
  `${Math.round(median(list))} ms (${Math.round(Math.min(...list))}–${Math.round(Math.max(...list))})`
const say = (what, figure) => console.log(`${what.padEnd(58)} ${figure}`)

/** One agent's own queue, made as a desk would: through the API. */
async function fillQueue(context) {
  const signedIn = await context.request.post('/api/v1/session', { data: { login, password } })
  if (!signedIn.ok()) throw new Error(`sign-in: ${signedIn.status()}`)
  const { csrf_token } = await signedIn.json()
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf_token, Cookie: cookie }
  const matters = [
    '停车场收费有误，要求退费',
    '会员积分没有到账',
    '电梯停在七楼，门打不开',
    '商户拒绝退货',
    '发票抬头开错',
  ]
  const classes = ['complaint', 'consultation', 'repair', 'complaint', 'help']
  let next = 0
  async function work() {
    for (let n = next++; n < rowsWanted; n = next++) {
      const matter = n % matters.length
      const answer = await fetch(`${base}/api/v1/tickets`, {
        method: 'POST',
        headers,
        body: JSON.stringify({
          channel: 'phone',
          customer: { name: `客户${n}`, phone: `139${String(10_000_000 + (n % 500)).padStart(8, '0')}` },
          subject: matters[matter],
          content: `${matters[matter]}，第 ${n} 位来电，请尽快处理。`,
          class: classes[matter],
        }),
      })
      if (answer.status !== 201) throw new Error(`ticket: ${answer.status} ${await answer.text()}`)
      await answer.arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: 16 }, work))
}

/** Runs in the page before anything else of it. */
function watchPage() {
  window.longTasks = []
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.longTasks.push({ startTime, duration })
  }).observe({ type: 'longtask', buffered: true })
  // Usable: rows to choose from, the matter that comes first with its conversation, and a field to answer in.
  const parts = ['[role=option]', '[role=log] article', 'textarea']
  const look = () => {
    if (window.usableAt || !parts.every((part) => document.querySelector(part))) return
    requestAnimationFrame(() => (window.usableAt ??= performance.now()))
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true })
}

async function startOnce(browser, cookies) {
  const context = await browser.newContext({ baseURL: base, viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })
  await context.addCookies(cookies)
  await context.addInitScript(watchPage)
  const page = await context.newPage()
  const network = await context.newCDPSession(page)
  await network.send('Network.enable')
  const kinds = new Map()
  const loaded = { app: 0, answers: 0 }
  network.on('Network.requestWillBeSent', ({ requestId, request }) =>
    kinds.set(requestId, new URL(request.url).pathname.startsWith('/api/') ? 'answers' : 'app'),
  )
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    loaded[kinds.get(requestId) ?? 'app'] += encodedDataLength
  })
  await page.goto('/work/mine')
  await page.waitForFunction(() => window.usableAt)
  const bytes = { ...loaded }
  const seen = await page.evaluate(() => ({
    usable: window.usableAt,
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    long: window.longTasks.map(({ duration }) => duration),
  }))
  return { context, page, bytes, ...seen }
}

const positionOf = (page) =>
  page.evaluate(() =>
    Math.max(0, ...[...document.querySelectorAll('[role=option]')].map((row) => Number(row.ariaPosInSet))),
  )

/** The page's tasks in a trace of Chromium: `dur` on the wall, `tdur` on a processor, in microseconds. */
function tasksOf(trace) {
  const { traceEvents } = JSON.parse(trace.toString())
  const thread = ({ pid, tid }) => `${pid}:${tid}`
  const named = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
  const pages = new Set(named.map(thread))
  return traceEvents.filter((event) => /RunTask$/.test(event.name) && event.ph === 'X' && pages.has(thread(event)))
}

/** Lets `act` bring rows by until `last` was seen. @returns how it went, in the browser's own words */
async function pass(page, act, last) {
  await page.evaluate(() => (window.longTasks.length = 0))
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] })
  const began = Date.now()
  let at = await positionOf(page)
  let strokes = 0
  for (let still = 0; at < last && still < 200; strokes++) {
    await act()
    const now = await positionOf(page)
    still = now > at ? 0 : still + 1
    at = Math.max(at, now)
  }
  const seconds = ((Date.now() - began) / 1000).toFixed(1)
  const onProcessor = tasksOf(await browser.stopTracing()).map(({ tdur = 0 }) => tdur / 1000)
  const long = await page.evaluate(() => window.longTasks.map(({ duration }) => duration))
  if (at < last) throw new Error(`only ${at} of ${last} rows came by`)
  const told = (list) =>
    `${list.filter((ms) => ms > 50).length} over 50 ms, longest ${Math.round(Math.max(0, ...list))} ms`
  // What the wall clock adds to the processor's time is waiting for a core that somebody else has.
  return `long tasks: ${told(long)}; by processor time: ${told(onProcessor)}; ${strokes} strokes in ${seconds} s`
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
try {
  const desk = await browser.newContext({ baseURL: base })
  await fillQueue(desk)
  const cookies = await desk.cookies()

  const starts = []
  for (let n = 0; n <= times; n++) {
    const start = await startOnce(browser, cookies)
    await start.context.close()
    if (n > 0) starts.push(start) // the first one warms the server up
  }
  say(
    `first contentful paint, empty cache, median of ${times}`,
    `${spread(starts.map(({ paint }) => paint))}, wanted 1500`,
  )
  say(
    'usable: rows, conversation and a field to answer in',
    `${spread(starts.map(({ usable }) => usable))}, wanted 1500`,
  )
  const last = starts.at(-1)
  say(
    'loaded until then: the app / answers of the API',
    `${(last.bytes.app / 1024).toFixed(1)} / ${(last.bytes.answers / 1024).toFixed(1)} KB, wanted 200`,
  )
  say('tasks over 50 ms on the way there, per start', `${median(starts.map(({ long }) => long.length))}`)

  const { page } = await startOnce(browser, cookies)
  const wanted = Math.min(10_000, rowsWanted)
  const list = page.getByRole('listbox')
  const box = await list.boundingBox()
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  say(`${wanted} rows by the wheel`, await pass(page, () => page.mouse.wheel(0, 1_200), wanted))
  await page.keyboard.press('Escape')
  await list.focus()
  await page.keyboard.press('Home')
  await page.waitForFunction(() => document.querySelector('[role=option][aria-posinset="1"]'))
  say(`${wanted} rows by Page Down, all loaded`, await pass(page, () => page.keyboard.press('PageDown'), wanted))
  await page.keyboard.press('Home')
  await page.waitForFunction(() => document.querySelector('[role=option][aria-posinset="1"]'))
  say(
    '300 tickets opened one after the other by the arrow key',
    await pass(page, () => page.keyboard.press('ArrowDown'), 300),
  )
} finally {
  await browser.close()
}
