/** Readers of the stream over real HTTP. */
import { connect, type Socket } from 'node:net'
import type { Json, TestService, Who } from '../../support/service.ts'

export type StreamEvent = { id: string; type: string; data: Json }

/** Takes whole blocks of Server-Sent Events out of a text; gives what is left. */
export const blocksOf = (text: string): { told: StreamEvent[]; lastId: string | null; rest: string } => {
  const blocks = text.split('\n\n')
  const rest = blocks.pop() as string
  const told: StreamEvent[] = []
  let lastId: string | null = null
  for (const block of blocks) {
    const fields = Object.fromEntries(
      block
        .split('\n')
        .filter((line) => !line.startsWith(':'))
        .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
    )
    if (fields.id !== undefined) lastId = fields.id
    if (fields.data !== undefined)
      told.push({ id: fields.id ?? '', type: fields.event ?? '', data: JSON.parse(fields.data) })
  }
  return { told, lastId, rest }
}

/** Waits for a condition, at most so long. */
export const until = async (holds: () => boolean, what: string, ms = 20_000): Promise<void> => {
  const end = Date.now() + ms
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not in ${ms} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/**
 * A reader that keeps what it was told; `cut` breaks its connection, `resume` goes on behind the last id, at another
 * address where one is given.
 */
export const openReader = async (
  url: string,
  token: string,
  { query = '', lastId = null as string | null } = {},
) => {
  const told: StreamEvent[] = []
  const state = { lastId, isOpen: false, isEnded: false }
  let abort = new AbortController()
  let reading: Promise<void> = Promise.resolve()
  const open = async (at = url): Promise<number> => {
    abort = new AbortController()
    const answer = await fetch(`${at}/v1/stream${query}`, {
      headers: {
        authorization: `Bearer ${token}`,
        ...(state.lastId !== null && { 'last-event-id': state.lastId }),
      },
      signal: abort.signal,
    })
    if (answer.status !== 200) return answer.status
    state.isEnded = false
    const body = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())
    const read = async (): Promise<void> => {
      let text = ''
      try {
        for await (const chunk of body as unknown as AsyncIterable<string>) {
          const blocks = blocksOf(text + chunk)
          text = blocks.rest
          told.push(...blocks.told)
          state.lastId = blocks.lastId ?? state.lastId
          state.isOpen = true
        }
      } catch {
        // it was cut
      }
      state.isOpen = false
      state.isEnded = true
    }
    reading = read()
    return answer.status
  }
  const status = await open()
  if (status === 200) await until(() => state.isOpen, 'the stream begins')
  return {
    status,
    told,
    state,
    cut: async (): Promise<void> => {
      abort.abort()
      await reading
    },
    resume: open,
  }
}
export type Reader = Awaited<ReturnType<typeof openReader>>

/** The service listening on a free port of loopback. */
export const listening = async ({ app }: TestService): Promise<string> =>
  app.listen({ host: '127.0.0.1', port: 0 })

/** A reader that has sent its request and reads nothing. */
export const openSilent = (url: string, token: string, lastId: string): Socket => {
  const { port } = new URL(url)
  const socket = connect({ port: Number(port), host: '127.0.0.1' })
  socket.pause()
  socket.on('error', () => undefined)
  socket.write(
    `GET /v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nLast-Event-ID: ${lastId}\r\n\r\n`,
  )
  return socket
}

/** All items of the feed after a position. */
export const feedOf = async (service: TestService, who: Who, after: string, query = ''): Promise<Json[]> => {
  const items: Json[] = []
  for (let from = after; ; ) {
    const { status, body } = await service.call(who, 'GET', `/v1/feed?limit=200&after=${from}${query}`)
    if (status !== 200) throw new Error(`the feed answered ${status}`)
    items.push(...body.items)
    if (body.atEnd) return items
    from = body.nextAfter
  }
}
