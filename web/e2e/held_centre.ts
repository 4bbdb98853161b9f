import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { password } from './desk'

const program = join(import.meta.dirname, '../../build/release/shouwen')
const near = {
  SHOUWEN_WEBHOOK_ALLOW: '127.0.0.0/8',
  SHOUWEN_WEBHOOK_PLAIN_HTTP: 'true',
  SHOUWEN_WEBHOOK_PORTS: '1024-65535',
}

/** A server of its own over a demo centre that was restored from a backup: what leaves it is held. */
export class HeldCentre {
  url = ''
  private readonly folder = mkdtempSync(join(tmpdir(), 'held-centre-'))
  private server?: ChildProcess

  static async start(): Promise<HeldCentre> {
    const centre = new HeldCentre()
    const [store, copy] = ['demo', 'restored'].map((name) => `sqlite:${join(centre.folder, name, 'shouwen.db')}`)
    const run = (...args: string[]) =>
      execFileSync(program, args, { env: { ...process.env, SHOUWEN_DEMO_PASSWORD: password }, stdio: 'pipe' })
    execFileSync('mkdir', [join(centre.folder, 'demo'), join(centre.folder, 'restored')])
    run('demo', '--store', store ?? '')
    run('backup', join(centre.folder, 'backups/'), '--store', store ?? '')
    run('restore', join(centre.folder, 'backups/'), '--store', copy ?? '')
    const web = join(import.meta.dirname, '../dist')
    centre.server = spawn(program, ['serve', '--store', copy ?? '', '--listen', '127.0.0.1:0', '--web', web], {
      env: { ...process.env, ...near },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    centre.url = await new Promise<string>((listens, fails) => {
      let said = ''
      centre.server?.stdout?.on('data', (piece: Buffer) => {
        said += piece.toString()
        const found = /http:\/\/\S+:\d+/.exec(said)
        if (found) listens(found[0])
      })
      centre.server?.on('exit', (code) => fails(new Error(`the server has ended with ${code}`)))
    })
    return centre
  }
  stop(): void {
    this.server?.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** As a person who has signed in. */
  async as(login: string): Promise<(path: string, body: unknown) => Promise<Record<string, unknown>>> {
    const answer = await fetch(`${this.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ login, password }),
    })
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    const csrf = ((await answer.json()) as { csrf_token: string }).csrf_token
    return async (path, body) => {
      const made = await fetch(`${this.url}/api/v1${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', cookie, 'X-CSRF-Token': csrf },
        body: JSON.stringify(body),
      })
      if (!made.ok) throw new Error(await made.text())
      return (await made.json()) as Record<string, unknown>
    }
  }
}
