/** Connections by hand, for callers that do not behave. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type Line = {
  socket: Socket
  /** What has come back so far. */
  received(): string
  /** What had come back when the other side hung up. */
  ended: Promise<string>
}

/** Opens a connection; what comes back is kept, and an end by force is an end like any other. */
export const openLine = async (url: string): Promise<Line> => {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  let received = ''
  socket.setEncoding('utf8').on('data', (chunk) => {
    received += chunk
  })
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(received)))
  await once(socket, 'connect')
  return { socket, received: () => received, ended }
}

/** Sends a byte a second until the connection ends or the text does. */
export const trickle = async ({ socket }: Line, text: string): Promise<void> => {
  for (const byte of text) {
    if (socket.destroyed) return
    socket.write(byte)
    await sleep(1_000)
  }
}

/** A request as text; a body brings its length and its type along. */
export const requestText = (
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): string => {
  const all = {
    host: 'localhost',
    ...(body !== undefined && {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
    }),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body ?? ''}`
}

/** The values of a header in all answers of a connection, in order. */
export const headersIn = (answers: string, name: string): string[] =>
  [...answers.matchAll(new RegExp(`^${name}: (.*)\r$`, 'gim'))].map(([, value]) => value as string)
