/**
 * What an answer shows of customers, noted where it is opened, and its line in the access log before the answer goes
 * out (rulebook §17). Personal data is opened for a caller by `readersFor` only, which notes it here: a route has
 * nothing to do for it, and cannot forget it.
 */
import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AccessLine } from '../../domain/accessLog.ts'
import type { SealedText } from '../../domain/sealed.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import type { TicketNo } from '../../domain/ticket/events.ts'
import type { Deps } from './deps.ts'
import { Problem } from './problems.ts'

/** Numbers that one line names. */
const mostNamed = 20

/** What one request has opened so far. */
export type Access = {
  /** Whether the caller may see any at all: a file goes out before its first row is opened. */
  mayOpen: boolean
  subjectIds: Set<SubjectId>
  ticketNos: Set<TicketNo>
  hasOpened: boolean
  count: number
  /** The row whose data is opened next; `ticketNo` is `null` where it is none of a ticket. */
  at(ticketNo: TicketNo | null, row?: string | null): void
  opened(sealed: SealedText): void
}

declare module 'fastify' {
  interface FastifyRequest {
    access: Access | undefined
  }
}

const newAccess = (): Access => {
  let ticketNo: TicketNo | null = null
  let row: string | null = null
  let counted: string | null = null
  const access: Access = {
    mayOpen: false,
    subjectIds: new Set(),
    ticketNos: new Set(),
    hasOpened: false,
    count: 0,
    at: (next, nextRow = next) => {
      ticketNo = next
      row = nextRow
    },
    opened: (sealed) => {
      access.hasOpened = true
      if (access.subjectIds.size < mostNamed) access.subjectIds.add(sealed.slice(3, sealed.indexOf('.', 3)))
      if (row === null || row === counted) return
      counted = row
      access.count += 1
      if (ticketNo !== null && access.ticketNos.size < mostNamed) access.ticketNos.add(ticketNo)
    },
  }
  return access
}

/** What the request has opened, from now on noted. */
export const accessOf = (request: FastifyRequest): Access => {
  request.access ??= newAccess()
  return request.access
}

/** The filters of the request. A body may hold personal data, so only the names of its fields are logged. */
const filtersOf = ({ query, body, params }: FastifyRequest): AccessLine['filters'] => {
  const { cursor: _, ...asked } = query as Record<string, unknown>
  const isOfTicket = Object.hasOwn(params as object, 'ticketNo')
  const named =
    isOfTicket || typeof body !== 'object' || body === null
      ? []
      : Object.entries(body).flatMap(([name, value]) => (value === null || value === undefined ? [] : [name]))
  const filters = { ...asked, ...(named.length > 0 && { body: named }) }
  return Object.keys(filters).length === 0 ? null : filters
}

const lineOf = (deps: Pick<Deps, 'now'>, request: FastifyRequest, access: Access): AccessLine => ({
  at: deps.now(),
  actor: request.caller.id,
  sub: request.caller.sub,
  roles: [...request.caller.roles],
  method: request.method,
  route: request.routeOptions.url ?? '',
  requestId: request.id,
  subjectIds: [...access.subjectIds],
  ticketNos: [...access.ticketNos],
  filters: filtersOf(request),
  count: access.count,
})

const isStream = (payload: unknown): payload is Readable =>
  typeof (payload as Readable | null)?.pipe === 'function'

const notLogged = (): Problem =>
  new Problem('access_log_unavailable', { headers: { 'retry-after': '2', 'cache-control': 'no-store' } })

/**
 * Refuses a write whose answer would show personal data while such answers cannot be logged, before it is done.
 * @throws Problem `access_log_unavailable`
 */
export const requireAccessLog = ({ access }: Pick<Deps, 'access'>): void => {
  if (access.reason() !== null) throw notLogged()
}

/**
 * Logs a stream at its beginning, for a caller who may see personal data: what it shows comes later and is shared with
 * others, so the line names what was asked for and no tickets.
 * @throws Problem `access_log_unavailable`
 */
export const logStream = async (
  deps: Pick<Deps, 'now' | 'access'>,
  request: FastifyRequest,
): Promise<void> => {
  const line = lineOf(deps, request, newAccess())
  try {
    await deps.access.write({ ...line, count: null })
  } catch {
    throw notLogged()
  }
}

/** Logs every answer that holds personal data before it goes out; one that cannot be logged does not go out: 503. */
export const logAccess = (app: FastifyInstance, deps: Deps): void => {
  app.decorateRequest('access', undefined)
  app.addHook('onSend', (request, reply, payload, done) => {
    const { access } = request
    if (access === undefined || reply.statusCode >= 400 || request.method === 'HEAD')
      return done(null, payload)
    const stream = isStream(payload) ? payload : null
    // a file's rows are opened while it goes out
    if (stream === null ? !access.hasOpened : !access.mayOpen) return done(null, payload)
    const line = lineOf(deps, request, access)
    const file = stream === null ? undefined : deps.newCommandId()
    const answer = (): void => {
      if (file !== undefined) stream?.once('close', () => deps.access.complete(file, access.count))
      done(null, payload)
    }
    const refuse = (): void => {
      stream?.destroy()
      request.access = undefined
      for (const header of ['etag', 'content-disposition', 'content-length', 'link', 'location'])
        reply.removeHeader(header)
      done(notLogged())
    }
    let writing: Promise<void> | undefined
    try {
      writing = deps.access.write(stream === null ? line : { ...line, count: null }, file)
    } catch {
      return refuse()
    }
    if (writing === undefined) answer()
    else writing.then(answer, refuse)
  })
}
