/** A receiver of webhooks that behaves as a test says. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type ReceivedDelivery = {
  path: string
  headers: IncomingHttpHeaders
  text: string
  body: { type: string; timestamp: string; sequence: number; data: Record<string, unknown> }
}

export type Behaviour = (received: ReceivedDelivery, response: ServerResponse) => void

const answering =
  (status: number, headers: Record<string, string> = {}, text = ''): Behaviour =>
  (_, response) => {
    response.writeHead(status, headers)
    response.end(text)
  }

export const behaviours = {
  ok: answering(200, {}, 'thank you'),
  broken: answering(500, {}, 'broken'),
  gone: answering(410),
  redirect: (to: string): Behaviour => answering(302, { location: to }),
  tooMany: (seconds: number): Behaviour => answering(429, { 'retry-after': String(seconds) }),
  /** Takes the request and says nothing. */
  hangs: (() => undefined) as Behaviour,
  /** Cuts the connection. */
  nothing: ((_, response) => void response.destroy()) as Behaviour,
  /** Answers 200 and then bytes without end. */
  gigabytes: ((_, response) => {
    response.writeHead(200)
    const chunk = Buffer.alloc(64 * 1024, 'a')
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
    }
    response.on('drain', more)
    more()
  }) as Behaviour,
  /** Answers 200 and never ends. */
  neverEnds: ((_, response) => {
    response.writeHead(200)
    response.write('begun')
  }) as Behaviour,
}

export const startReceiver = async (behave: Behaviour = behaviours.ok) => {
  const received: ReceivedDelivery[] = []
  let current = behave
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const text = Buffer.concat(parts).toString()
      const one = { path: request.url as string, headers: request.headers, text, body: JSON.parse(text) }
      received.push(one)
      response.on('error', () => undefined)
      current(one, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    port,
    received,
    behave: (next: Behaviour): void => {
      current = next
    },
    stop: async (): Promise<void> => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
export type Receiver = Awaited<ReturnType<typeof startReceiver>>
