/** Readers of the stream in a process of their own, over bare sockets: told to open and to wait, says what they were sent. */
import { connect, type Socket } from 'node:net'
import { quantile } from '../load.ts'

export type ReaderKind = { token: string; query?: string; lastId?: string }
export type Ask =
  | { what: 'open'; url: string; readers: ReaderKind[] }
  | { what: 'figures' }
  /** Answered when every reader has an event at that position of the embedded engine or behind it. */
  | { what: 'reach'; id: number }
  /** Answered when so many messages have come since the last figures. */
  | { what: 'count'; messages: number }
  | { what: 'close' }
export type Figures = { messages: number; p50Ms: number; p99Ms: number; lastId: number }

/** Connections opened at a time. */
const atOnce = 50
/** Latencies kept; of more, all count as messages only. */
const mostLatencies = 2_000_000

const message = /id: (\d+)[^\n]*\nevent: [^\n]+\ndata: \{"position":"[^"]+","at":"([^"]+)"/g

let sockets: Socket[] = []
let reached: number[] = []
let messages = 0
let latencies: number[] = []
let waiting: { isOver(): boolean; answer(): void } | null = null

const look = (): void => {
  if (waiting?.isOver() !== true) return
  const { answer } = waiting
  waiting = null
  answer()
}

const open = (url: string, { token, query = '', lastId }: ReaderKind, index: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    const from = lastId === undefined ? '' : `last-event-id: ${lastId}\r\n`
    socket.write(
      `GET /v1/stream${query} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${token}\r\n${from}\r\n`,
    )
    let rest = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk: unknown) => {
      const now = Date.now()
      const text = rest + (chunk as string)
      const end = text.lastIndexOf('\n\n')
      if (end < 0) {
        rest = text
        return
      }
      rest = text.slice(end)
      for (const [, id, at] of text.slice(0, end).matchAll(message)) {
        messages += 1
        reached[index] = Number(id)
        if (latencies.length < mostLatencies) latencies.push(now - Date.parse(at as string))
      }
      look()
      resolve()
    })
    socket.on('error', reject)
    sockets.push(socket)
  })

const asked = async (ask: Ask): Promise<unknown> => {
  switch (ask.what) {
    case 'open': {
      const { url, readers } = ask
      for (const socket of sockets) socket.destroy()
      sockets = []
      reached = readers.map(() => 0)
      messages = 0
      for (let from = 0; from < readers.length; from += atOnce)
        await Promise.all(
          readers.slice(from, from + atOnce).map((reader, index) => open(url, reader, from + index)),
        )
      return readers.length
    }
    case 'figures': {
      const figures: Figures = {
        messages,
        p50Ms: quantile(latencies, 0.5),
        p99Ms: quantile(latencies, 0.99),
        lastId: Math.max(0, ...reached),
      }
      messages = 0
      latencies = []
      return figures
    }
    case 'reach':
    case 'count':
      return new Promise((resolve) => {
        const isOver = (): boolean =>
          ask.what === 'count' ? messages >= ask.messages : reached.every((id) => id >= ask.id)
        waiting = { isOver, answer: () => resolve(Date.now()) }
        look()
      })
    case 'close':
      for (const socket of sockets) socket.destroy()
      sockets = []
      return 0
  }
}

process.on('message', (ask: Ask) => {
  asked(ask).then((answer) => process.send?.(answer))
})
process.on('disconnect', () => process.exit(0))
process.send?.('begun')
