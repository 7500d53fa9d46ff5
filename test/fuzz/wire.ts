/** HTTP as bytes, so that what no client library would send reaches the server too. */
import { connect, type Socket } from 'node:net'

export type Answer = {
  /** 0: the connection ended without an answer; -1: nothing came in time. */
  status: number
  headers: Record<string, string>
  body: Buffer
  ms: number
}

const endOfHead = Buffer.from('\r\n\r\n')

/** The body of a chunked answer, `null` where it is not whole yet. */
const unchunked = (bytes: Buffer): Buffer | null => {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at)
    if (line < 0) return null
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16)
    if (bytes.length < line + 4 + size) return null
    if (size === 0) return Buffer.concat(parts)
    parts.push(bytes.subarray(line + 2, line + 2 + size))
    at = line + 4 + size
  }
}

const isBodiless = (status: number, method: string): boolean =>
  method === 'HEAD' || status === 204 || status === 304

/** The whole answer in the bytes so far, `null` where it is not whole yet; `100 Continue` is passed over. */
const parsed = (bytes: Buffer, method: string): Omit<Answer, 'ms'> | null => {
  const end = bytes.indexOf(endOfHead)
  if (end < 0) return null
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const status = Number(first.split(' ')[1])
  const rest = bytes.subarray(end + 4)
  if (status < 200) return parsed(rest, method)
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  )
  const done = (body: Buffer) => ({ status, headers, body })
  // a stream of events has no end to wait for
  if (isBodiless(status, method) || headers['content-type']?.startsWith('text/event-stream'))
    return done(Buffer.alloc(0))
  if (headers['transfer-encoding'] === 'chunked') {
    const body = unchunked(rest)
    return body && done(body)
  }
  const length = Number(headers['content-length'] ?? 0)
  return rest.length < length ? null : done(rest.subarray(0, length))
}

export type Wire = {
  /** Sends a request and waits for its answer, at most `timeoutMs`. */
  send(request: Buffer, method: string): Promise<Answer>
  close(): void
}

/** One connection, rebuilt where the last answer closed it. Requests one after the other. */
export const openWire = (port: number, timeoutMs = 10_000): Wire => {
  let socket: Socket | null = null

  const usable = (): Socket => {
    if (socket !== null && !socket.destroyed && socket.writable) return socket
    socket = connect({ port, host: '127.0.0.1', noDelay: true })
    // what fails is seen by the end of the connection
    socket.on('error', () => undefined)
    return socket
  }

  const send: Wire['send'] = (request, method) =>
    new Promise((resolve) => {
      const connection = usable()
      const started = performance.now()
      let bytes = Buffer.alloc(0)
      const finish = (answer: Omit<Answer, 'ms'>, goesOn: boolean): void => {
        clearTimeout(timer)
        connection.removeAllListeners('data').removeAllListeners('close')
        if (!goesOn) {
          connection.destroy()
          socket = null
        }
        resolve({ ...answer, ms: performance.now() - started })
      }
      const without = (status: number) => () => finish({ status, headers: {}, body: Buffer.alloc(0) }, false)
      const timer = setTimeout(without(-1), timeoutMs)
      connection.on('data', (chunk: Buffer) => {
        bytes = Buffer.concat([bytes, chunk])
        const answer = parsed(bytes, method)
        if (answer === null) return
        const isStream = answer.headers['content-type']?.startsWith('text/event-stream')
        finish(answer, answer.headers.connection !== 'close' && !isStream)
      })
      connection.on('close', without(0))
      connection.write(request)
    })

  return { send, close: () => socket?.destroy() }
}
