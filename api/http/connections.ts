/** How long a connection may take, and what is answered to a sender who does not get as far as a request. */
import type { FastifyInstance, FastifyRequest, FastifyServerOptions } from 'fastify'
import type { ApiProblemCode } from './problemCodes.ts'
import { Problem, problemBody } from './problems.ts'
import { safetyHeaders } from './safetyHeaders.ts'

/**
 * What a sender may keep us waiting for, in milliseconds. A whole request has ten minutes: an import of 64 MiB is
 * applied while it comes in, over a line of 1 Mbit/s too. An answer may last as long as it likes, if only something
 * passes every two minutes.
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
type Underway = { _httpMessage?: { headersSent: boolean; req: { complete: boolean } } | null }

/** Nobody may take the refusal of what came later for the answer to a request that is whole and being done. */
const mayAnswer = (socket: Sender): boolean => {
  const current = (socket as Underway)._httpMessage
  return socket.writable && (current == null || (!current.headersSent && !current.req.complete))
}

const codeOf = (code: string): ApiProblemCode => {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request_timeout'
  return code === 'HPE_HEADER_OVERFLOW' ? 'headers_too_large' : 'malformed_http'
}

const reasons: Record<number, string> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
}

/** Answers what is no HTTP request, or none in time, as every other problem is answered, and hangs up. */
export const answerBrokenRequest: ClientErrorHandler = (error, socket) => {
  // what else comes in before the answer is out is broken too
  if (socket.writableEnded) return
  if (mayAnswer(socket)) {
    const problem = problemBody(new Problem(codeOf(error.code)), 'en')
    const body = JSON.stringify(problem)
    socket.write(
      [
        `HTTP/1.1 ${problem.status} ${reasons[problem.status]}`,
        'content-type: application/problem+json; charset=utf-8',
        'content-language: en',
        `content-length: ${Buffer.byteLength(body)}`,
        ...Object.entries(safetyHeaders).map(([name, value]) => `${name}: ${value}`),
        'connection: close',
        '',
        body,
      ].join('\r\n'),
    )
  }
  socket.destroySoon()
}

/** Whether a request lacks the `Host` that HTTP/1.1 asks for. */
export const namesNoHost = ({ headers, raw }: FastifyRequest): boolean =>
  headers.host === undefined && raw.httpVersion === '1.1'

/** Takes a request with an `Expect` we know nothing of like any other, where Node would answer 417 with nothing. */
export const expectNothing = ({ server }: FastifyInstance): void => {
  server.on('checkExpectation', (request, response) => void server.emit('request', request, response))
}
