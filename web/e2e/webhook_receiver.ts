import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  id: string
  type: string
  data: { ticket_id: string | null; number: string | null }
  signed: boolean
}

/** Somebody else's server, which believes only what is signed: written from the standard, not from our code. */
export class Receiver {
  readonly received: Received[] = []
  secret = ''
  /** What it answers from now on. */
  status = 200
  url = ''
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Receiver> {
    const server = createServer()
    const receiver = new Receiver(server)
    server.on('request', (request, response) => {
      const pieces: Buffer[] = []
      request.on('data', (piece: Buffer) => pieces.push(piece))
      request.on('end', () => {
        receiver.take(request.headers, Buffer.concat(pieces))
        response.writeHead(receiver.status).end(receiver.status === 200 ? 'thank you' : 'out of order')
      })
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`
    return receiver
  }
  stop(): void {
    this.server.closeAllConnections()
    this.server.close()
  }

  private take(headers: IncomingHttpHeaders, body: Buffer): void {
    const id = String(headers['webhook-id'])
    const at = String(headers['webhook-timestamp'])
    const key = Buffer.from(this.secret.replace(/^whsec_/, ''), 'base64')
    const expected = createHmac('sha256', key).update(`${id}.${at}.`).update(body).digest()
    const signed =
      Math.abs(Date.now() / 1000 - Number(at)) < 300 &&
      String(headers['webhook-signature'])
        .split(' ')
        .map((one) => Buffer.from(one.replace(/^v1,/, ''), 'base64'))
        .some((given) => given.length === expected.length && timingSafeEqual(given, expected))
    this.received.push({ id, signed, ...(JSON.parse(body.toString()) as Omit<Received, 'id' | 'signed'>) })
  }
}
