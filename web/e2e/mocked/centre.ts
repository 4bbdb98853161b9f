import type { Page, Route } from '@playwright/test'
import * as data from './data'

type Answer = { status?: number; body?: unknown }
type Handler = (request: {
  url: URL
  body: unknown
  headers: Record<string, string>
  match: RegExpMatchArray
}) => Answer | 'lost'

/** Answers /api/v1 inside the browser. `on` puts a handler before the others. */
export async function mockCentre(page: Page, { tickets = 400, signedIn = true } = {}) {
  const all = Array.from({ length: tickets }, (_, n) => data.ticket(n))
  const events = [...data.events]
  const state = {
    signedIn,
    all,
    events,
    requests: [] as { method: string; path: string; body: unknown; headers: Record<string, string> }[],
  }
  const handlers: { method: string; path: RegExp; handler: Handler }[] = []
  const on = (method: string, path: RegExp, handler: Handler) => handlers.unshift({ method, path, handler })
  const items = (list: unknown[]): Answer => ({ body: { items: list, next_cursor: null } })
  const find = (id: string | undefined) => all.find((one) => one.id === id) ?? all[0]
  const problem = (status: number, code: string, detail: string): Answer => ({
    status,
    body: { type: 'about:blank', title: detail, status, detail, code },
  })

  on('GET', /^\/staff\/me$/, () => (state.signedIn ? { body: data.me } : problem(401, 'not_signed_in', '请先登录。')))
  on('POST', /^\/session$/, ({ body }) => {
    if ((body as { password: string }).password !== 'correct')
      return problem(401, 'wrong_credentials', '账号或密码不对。')
    state.signedIn = true
    return { body: { staff: data.me, csrf_token: data.me.csrf_token } }
  })
  on('DELETE', /^\/session$/, () => ({ status: 204 }))
  on('GET', /^\/tickets$/, ({ url }) => {
    const from = Number(url.searchParams.get('cursor') ?? 0)
    const limit = Number(url.searchParams.get('limit') ?? 50)
    const view = url.searchParams.get('view')
    const list = view === 'overdue' ? all.filter(({ flags }) => flags.includes('overdue')) : all
    const next = from + limit < list.length ? String(from + limit) : null
    return { body: { items: list.slice(from, from + limit), next_cursor: next } }
  })
  on('GET', /^\/tickets\/counts$/, () => ({
    body: { mine: Math.min(1000, tickets), inbox: 38, unit: 214, overdue: 6 },
  }))
  on('GET', /^\/tickets\/([0-9a-z]{13})$/, ({ match }) => ({ body: { ...find(match[1]), commands: data.commands } }))
  on('GET', /^\/matrix$/, () => ({ body: data.matrix }))
  on('GET', /^\/tickets\/\w+\/proposal$/, () => ({ body: data.proposal }))
  on('GET', /^\/matrix\/proposal$/, () => ({ body: data.proposal }))
  on('GET', /^\/webhooks$/, () => items(data.webhooks))
  on('GET', /^\/webhooks\/kinds$/, () => ({ body: { items: data.webhookKinds } }))
  on('GET', /^\/webhooks\/\w+\/deliveries$/, () => items(data.deliveries))
  on('GET', /^\/webhooks\/\w+\/deliveries\/\w+$/, () => ({ body: data.deliveryInFull }))
  on('GET', /^\/dead_letters$/, () => items(data.deadLetters))
  on('GET', /^\/tickets\/\w+\/events$/, () => ({ body: { items: events } }))
  on('GET', /^\/tickets\/\w+\/obligations$/, () => items(data.obligations))
  on('GET', /^\/tickets\/\w+\/tenures$/, () => items(data.tenures))
  on('GET', /^\/tickets\/\w+\/(contacts|attachments)$/, () => items([]))
  on('POST', /^\/tickets\/(\w+)\/commands\/(\w+)$/, ({ match, body }) => {
    const ticket = find(match[1])
    if (!ticket) return problem(404, 'not_found', '没有找到。')
    ticket.version++
    const types: Record<string, (typeof data.events)[number]['type']> = {
      reply: 'replied',
      note: 'noted',
      promise: 'promised',
      respond: 'responded',
    }
    events.push({
      seq: events.length + 1,
      at: new Date(data.now).toISOString(),
      actor: { id: data.me.id, name: data.me.name },
      type: types[match[2] ?? ''] ?? 'noted',
      data: body as Record<string, never>,
      hash: String(events.length).padStart(64, '0'),
    })
    return { body: { ...ticket, commands: data.commands } }
  })
  on('GET', /^\/obligations\/\w+\/explanation$/, () => ({ body: data.explanation }))
  on('GET', /^\/customers$/, () =>
    items([{ ...all[3]?.customer, created_at: all[3]?.created_at, updated_at: all[3]?.created_at }]),
  )
  on('GET', /^\/customers\/(\w+)$/, ({ match }) => ({
    body: {
      ...all.find(({ customer }) => customer.id === match[1])?.customer,
      created_at: all[0]?.created_at,
      updated_at: all[0]?.created_at,
      language: 'zh-CN',
      note: '下午三点以后再打电话',
      tags: ['VIP'],
      version: 3,
      tickets: all.filter(({ customer }) => customer.id === match[1]).slice(0, 8),
      changes: [
        { at: all[0]?.created_at, by: null, kind: 'filled', field: 'address', before: null, after: '启明****' },
        { at: all[0]?.created_at, by: null, kind: 'edited', field: 'tags', before: '[]', after: '["VIP"]' },
      ],
      reveals: [{ at: all[0]?.created_at, by: { id: '1', name: '林雪' }, field: 'phone', reason: '回拨核对上门时间' }],
    },
  }))
  on('POST', /^\/customers\/\w+\/commands\/reveal$/, () => ({ body: { value: '13800136621' } }))
  on('GET', /^\/scripts$/, () => items(data.scripts))
  on('GET', /^\/articles$/, () => items(data.articles))
  on('GET', /^\/articles\/(\w+)$/, ({ match }) => ({
    body: {
      ...data.articles.find(({ id }) => id === match[1]),
      body: '一、核对入场与出场记录。\n二、确认误判后填写退费申请。\n三、财务三个工作日内原路退回。',
      updated_by: { id: data.me.id, name: '林雪' },
    },
  }))
  on('GET', /^\/drafts$/, () => items([]))
  on('PUT', /^\/drafts\/(\w+)$/, ({ match, body }) => ({
    body: { ticket_id: match[1], ...(body as object), updated_at: new Date(data.now).toISOString() },
  }))
  on('DELETE', /^\/drafts\/\w+$/, () => ({ status: 204 }))
  on('GET', /^\/notices$/, () => items(data.notices))
  on('POST', /^\/notices\//, () => ({ status: 204 }))
  on('GET', /^\/search$/, () =>
    items(
      all.slice(0, 5).map(({ id, number, subject, customer, step, created_at }) => ({
        kind: 'ticket',
        id,
        number,
        title: subject,
        excerpt: customer.name,
        step,
        at: created_at,
      })),
    ),
  )
  on('GET', /^\/policies\/current$/, () => ({ body: data.policy }))
  on('GET', /^\/policies$/, () =>
    items([3, 2, 1].map((version) => ({ version, created_at: data.policy.created_at, author: data.policy.author }))),
  )
  on('GET', /^\/policies\/(\d+)$/, ({ match }) => ({ body: { ...data.policy, version: Number(match[1]) } }))
  on('GET', /^\/holidays$/, () => ({
    body: {
      items: [{ year: 2026, source: 'built_in', version: 0, updated_at: null, author: null, day_count: 2 }],
      missing: [2027],
    },
  }))
  on('GET', /^\/holidays\/2026$/, () => ({
    body: {
      year: 2026,
      source: 'built_in',
      version: 0,
      updated_at: null,
      author: null,
      days: [
        { on: '2026-10-01', kind: 'holiday', name: '国庆节' },
        { on: '2026-10-10', kind: 'make_up', name: '国庆节' },
      ],
    },
  }))
  on('GET', /^\/public\/form$/, () => ({ body: data.form }))
  on('GET', /^\/areas$/, () =>
    items([
      { id: data.id(31), name: '滨江区', parent_id: null },
      { id: data.id(32), name: '望江路', parent_id: data.id(31) },
    ]),
  )
  on('GET', /^\/units$/, () => items(data.units))
  on('GET', /^\/roles$/, () =>
    items(['agent', 'handler', 'supervisor', 'manager', 'admin'].map((name) => ({ name, permissions: [] }))),
  )
  on('GET', /^\/staff$/, () => items(data.staff))
  on('GET', /^\/audit$/, () => items(data.audit))
  on('GET', /^\/figures\/timeliness$/, () => items(data.figures))

  await page.route('**/api/v1/**', async (route: Route) => {
    const request = route.request()
    const url = new URL(request.url())
    const path = url.pathname.replace('/api/v1', '')
    const headers = request.headers()
    let body: unknown
    try {
      body = request.postDataJSON()
    } catch {
      body = undefined
    }
    state.requests.push({ method: request.method(), path, body, headers })
    for (const { method, path: pattern, handler } of handlers) {
      const match = method === request.method() && path.match(pattern)
      if (!match) continue
      const answer = handler({ url, body, headers, match })
      if (answer === 'lost') return route.abort('connectionfailed')
      const { status = 200, body: answered } = answer
      const contentType = status >= 400 ? 'application/problem+json' : 'application/json'
      return route.fulfill({ status, contentType, body: status === 204 ? undefined : JSON.stringify(answered) })
    }
    return route.fulfill({
      status: 404,
      contentType: 'application/problem+json',
      body: JSON.stringify(problem(404, 'not_found', path).body),
    })
  })
  let push: (message: unknown) => void = () => undefined
  await page.routeWebSocket('**/api/v1/stream', (socket) => {
    push = (message) => socket.send(JSON.stringify(message))
    push({ type: 'hello', server_time: data.me.server_time })
  })
  return { state, on, problem, push: (message: unknown) => push(message) }
}
