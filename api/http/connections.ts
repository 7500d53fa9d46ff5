/** How long a connection may take, and what is answered to a sender who does not get as far as a request. */
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifyServerOptions,
  RouteOptions,
} from 'fastify'
import type { ApiProblemCode } from './problemCodes.ts'
import { Problem, problemBody } from './problems.ts'
import { problemHeaders } from './safetyHeaders.ts'

/**
 * How long a sender may take, in milliseconds. A whole request has ten minutes: an import of 64 MiB is applied while
 * it comes in, over a line of 1 Mbit/s too; a JSON body has one minute (`limitBodyTime`). An answer may last as long
 * as it likes, if something passes every two minutes.
 */
export const connectionOptions = {
  connectionTimeout: 120_000,
  // longer than the minute after which load balancers give up idle connections, so that it is never us who hang up
  keepAliveTimeout: 72_000,
  requestTimeout: 600_000,
  http: {
    headersTimeout: 15_000,
    connectionsCheckingInterval: 5_000,
    maxHeaderSize: 16_384,
    // Node would answer by itself, and with nothing; see `namesNoHost`
    requireHostHeader: false,
  },
}

type ClientErrorHandler = NonNullable<FastifyServerOptions['clientErrorHandler']>
type Sender = Parameters<ClientErrorHandler>[1]

/** The answer Node has begun on a connection; it has no public name. */
type Underway = {
  _httpMessage?: { headersSent: boolean; writableEnded: boolean; req: { complete: boolean } } | null
}

/**
 * Nobody may take the refusal of what came later for the answer to a request that is whole and being done. An answer
 * that was handed over whole may still be on its way out: the refusal comes after it.
 */
const mayAnswer = (socket: Sender): boolean => {
  const current = (socket as Underway)._httpMessage
  if (!socket.writable) return false
  return current == null || current.writableEnded || (!current.headersSent && !current.req.complete)
}

const codeOf = (code: string): ApiProblemCode => {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request_timeout'
  return code === 'HPE_HEADER_OVERFLOW' ? 'headers_too_large' : 'malformed_http'
}

const reasons: Record<number, string> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
  503: 'Service Unavailable',
}

/** A problem as the bytes of an answer, where there is no request to answer by the usual way. */
const rawAnswer = (problem: Problem): string => {
  const document = problemBody(problem, 'en')
  const body = JSON.stringify(document)
  const headers = {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-language': 'en',
    'content-length': Buffer.byteLength(body),
    ...problemHeaders,
    ...problem.headers,
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${document.status} ${reasons[document.status]}`, ...lines, '', body].join('\r\n')
}

/** Answers a connection that has got no further than a part of a request, and closes it. */
export const refuseConnection = (socket: Sender, problem: Problem): void => {
  // what else comes in before the answer is out is broken too
  if (socket.writableEnded) return
  if (mayAnswer(socket)) socket.write(rawAnswer(problem))
  socket.destroySoon()
}

/** Answers what is no HTTP request, or none in time, as every other problem is answered, and closes the connection. */
export const answerBrokenRequest: ClientErrorHandler = (error, socket) =>
  refuseConnection(socket, new Problem(codeOf(error.code)))

/** A JSON body that is not whole after so many milliseconds ends its connection with 408. */
const jsonBodyMs = 60_000

/** Bodies that are read as they come: imports and uploads. */
const isStreamed = (config: RouteOptions['config']): boolean =>
  config?.line !== undefined || config?.form !== undefined

/** Gives the bodies of all routes but imports and uploads one minute, for those are small. To be called before any route is added. */
export const limitBodyTime = (app: FastifyInstance, ms: number = jsonBodyMs): void => {
  app.addHook('onRoute', (route) => {
    if (route.method === 'GET' || route.method === 'HEAD' || isStreamed(route.config)) return
    const limit: typeof route.preParsing = ({ raw }, _reply, payload, done) => {
      if (raw.complete === false) {
        const expire = (): void => refuseConnection(raw.socket, new Problem('request_timeout'))
        const timer = setTimeout(expire, ms)
        timer.unref()
        raw.once('close', () => clearTimeout(timer))
      }
      done(null, payload)
    }
    route.preParsing = [limit, ...[route.preParsing ?? []].flat()]
  })
}

/**
 * What a sender still sends after its answer is read and thrown away for so long, milliseconds; many senders read no
 * answer before all is sent, and a close would take it from them. `idle`: without a byte in that time it is over.
 */
const linger = { idle: 1_000, most: 60_000 }

const announcesBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/**
 * Settles when what has come of a request with its header is read: a small body mostly comes along, and its connection
 * can then stay open. To be awaited before a request is refused by its header alone.
 */
export const readWithHeader = async ({ raw }: FastifyRequest): Promise<void> => {
  if (raw.complete === false) await new Promise((resolve) => setImmediate(resolve))
}

/**
 * Makes an answer that is given before the body has come the last one of its connection. What of the body still comes
 * is thrown away; the connection is closed once the sender is silent, or after a minute.
 */
export const closeUnread = (request: FastifyRequest, reply: FastifyReply): void => {
  const { raw } = request
  if (raw.complete !== false || !announcesBody(request)) return
  reply.header('connection', 'close')
  const { socket } = raw
  // what Node calls once the last answer of a connection is written
  socket.destroySoon = () => {
    socket.end()
    raw.resume()
    const until = performance.now() + linger.most
    let read = socket.bytesRead
    const timer = setInterval(() => {
      if (socket.bytesRead === read || performance.now() > until) socket.destroy()
      read = socket.bytesRead
    }, linger.idle)
    timer.unref()
    socket.once('close', () => clearInterval(timer))
  }
}

/** Whether a request lacks the `Host` that HTTP/1.1 asks for. */
export const namesNoHost = ({ headers, raw }: FastifyRequest): boolean =>
  headers.host === undefined && raw.httpVersion === '1.1'

/** Takes a request with an `Expect` we know nothing of like any other, where Node would answer 417 with nothing. */
export const expectNothing = ({ server }: FastifyInstance): void => {
  server.on('checkExpectation', (request, response) => void server.emit('request', request, response))
}
