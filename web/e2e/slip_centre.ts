import { expect, request, type APIRequestContext } from '@playwright/test'
import { password } from './desk'

interface Ticket {
  id: string
  version: number
  slips: { id: string; number: string; state: string; unit_name: string }[]
}

/** A colleague at work through the API: what a test needs to have happened before, or elsewhere. */
export class Colleague {
  private constructor(
    private readonly api: APIRequestContext,
    private readonly csrfToken: string,
  ) {}

  static async signIn(baseURL: string, login: string): Promise<Colleague> {
    const api = await request.newContext({ baseURL })
    const answer = await api.post('/api/v1/session', { data: { login, password } })
    expect(answer.status(), await answer.text()).toBe(200)
    return new Colleague(api, ((await answer.json()) as { csrf_token: string }).csrf_token)
  }

  private async post<T>(path: string, data: object, headers: Record<string, string> = {}): Promise<T> {
    const answer = await this.api.post(`/api/v1${path}`, {
      data,
      headers: { 'X-CSRF-Token': this.csrfToken, ...headers },
    })
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true)
    return (await answer.json()) as T
  }
  async ticket(id: string): Promise<Ticket> {
    return (await (await this.api.get(`/api/v1/tickets/${id}`)).json()) as Ticket
  }
  private async version(ticketId: string): Promise<Record<string, string>> {
    return { 'If-Match': `"${(await this.ticket(ticketId)).version}"` }
  }
  async give(ticketId: string, command: string, body: object): Promise<Ticket> {
    return this.post(`/tickets/${ticketId}/commands/${command}`, body, await this.version(ticketId))
  }
  async giveSlip(slipId: string, command: string, body: object = {}): Promise<Ticket> {
    return this.post(`/slips/${slipId}/commands/${command}`, body, await this.version(slipId.split('-')[0] ?? ''))
  }
  async idOf(list: 'units' | 'staff', name: string): Promise<string> {
    const answer = await this.api.get(`/api/v1/${list}?limit=200`)
    const { items } = (await answer.json()) as { items: { id: string; name: string; login?: string }[] }
    const found = items.find((each) => each.name === name || each.login === name)
    if (!found) throw new Error(`no ${name} among the ${list}`)
    return found.id
  }

  /** A matter in handling that is not this unit's alone. */
  async matter(subject: string): Promise<string> {
    const { id } = await this.post<Ticket>('/tickets', {
      channel: 'phone',
      customer: { name: '王小明', phone: '13812346621' },
      subject,
      content: '三号楼客梯从早上七点停运，一位住十二楼的老人要去医院做透析。',
      demand: '今天内恢复运行，并说明原因',
      class: 'repair',
    })
    const triage = { class: 'repair', category: 'elevator', grade: 'L2', complexity: 'complex', in_scope: false }
    await this.give(id, 'classify', triage)
    return id
  }
  /** A matter about somebody's account, by phone. */
  async accountMatter(subject: string): Promise<string> {
    const { id } = await this.post<Ticket>('/tickets', {
      channel: 'phone',
      customer: { name: '王小明', phone: '13812346621' },
      subject,
      content: '想把会员账户的手机号换成新的。',
      class: 'business',
      category: 'account_change',
    })
    const triage = { class: 'business', category: 'account_change', grade: 'L3', complexity: 'simple', in_scope: true }
    await this.give(id, 'classify', triage)
    return id
  }
  async transfer(ticketId: string, ...units: string[]): Promise<Ticket> {
    const slips = []
    for (const unit of units)
      slips.push({ unit_id: await this.idOf('units', unit), problem: '三号楼客梯停运', demand: '恢复运行' })
    return this.give(ticketId, 'transfer', { slips, told_customer: '已转办，两小时内回电。' })
  }
  end = () => this.api.dispose()
}
