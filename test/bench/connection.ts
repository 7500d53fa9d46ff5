/** A client's connection over a bare socket: costs a fraction of an HTTP library beside the server it measures. */
import { connect, type Socket } from 'node:net'

export type Answer = { status: number; body: Buffer }

export type Connection = {
  /** Sends a whole request, see `requestOf`; the one before must have been answered. */
  send(request: string): Promise<Answer>
  /** False once the server has ended it, as it does where nothing is sent for long. */
  isOpen(): boolean
  close(): void
}

const headEnd = '\r\n\r\n'

/** An HTTP request as it goes over the wire. */
export const requestOf = (method: string, path: string, token: string, body?: object): string => {
  const head = `${method} ${path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${token}\r\n`
  if (body === undefined) return `${head}\r\n`
  const json = JSON.stringify(body)
  return `${head}content-type: application/json\r\ncontent-length: ${Buffer.byteLength(json)}${headEnd}${json}`
}

/** The answer at the beginning of `bytes`; `null` where it is not whole yet. Every answer has a `content-length`. */
const answerIn = (bytes: Buffer): Answer | null => {
  const end = bytes.indexOf(headEnd)
  if (end < 0) return null
  const head = bytes.toString('latin1', 0, end)
  const from = end + headEnd.length
  const to = from + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
  return bytes.length < to ? null : { status: Number(head.slice(9, 12)), body: bytes.subarray(from, to) }
}

/** Connects to the server at `url`. A connection that ends fails the request in flight. */
export const openConnection = async (url: string): Promise<Connection> => {
  const { hostname, port } = new URL(url)
  const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('error', reject)
  })
  let waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined
  let received: Buffer[] = []
  socket.on('data', (chunk: Buffer) => {
    // nothing was asked: the server says that it waits no longer
    if (waiting === undefined) return socket.destroy()
    received.push(chunk)
    const answer = answerIn(received.length === 1 ? chunk : Buffer.concat(received))
    if (answer === null) return
    received = []
    const { resolve } = waiting
    waiting = undefined
    resolve(answer)
  })
  socket.on('error', (error) => waiting?.reject(error))
  socket.on('close', () => waiting?.reject(new Error('the server hung up')))
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(request)
      }),
    isOpen: () => !socket.destroyed && socket.writable,
    close: () => socket.destroy(),
  }
}

/** What an answer says. @throws Error where its status is another than expected */
export const bodyOf = <T>({ status, body }: Answer, expected = 200): T => {
  if (status !== expected) throw new Error(`answered ${status} and not ${expected}: ${body.toString()}`)
  return JSON.parse(body.toString()) as T
}
