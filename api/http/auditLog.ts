/** Lines in the log that an auditor looks for: who changed master data or webhooks, settled a quarter, imported, exported or erased. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type ActionAuditKind, auditKinds } from '../../domain/authority.ts'

/** An action's own, and files, which leave a line whatever the action. */
export type AuditKind = ActionAuditKind | 'export'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The lines the route leaves in the log; `auditRoutes` sets it by the action and the files of the route. */
    audit?: readonly AuditKind[]
  }
}

/** A line without a request: what was done at the machine itself, by `sub`. Never anything of a file's text. */
export const auditLine = (
  log: Pick<FastifyRequest['log'], 'info'>,
  kind: AuditKind,
  facts: Readonly<Record<string, unknown>> & { sub: string; requestId: string },
): void => log.info({ audit: kind, ...facts }, `audit: ${kind}`)

/** Writes a line: route pattern, subject of the token, codes in the path, counts. Never anything of a body. */
export const audit = (
  request: FastifyRequest,
  kind: AuditKind,
  facts: Readonly<Record<string, unknown>>,
): void => {
  const { method, caller, id: requestId, params, log } = request
  const { url: route } = request.routeOptions
  const { sub } = caller
  const path = params as Record<string, unknown>
  auditLine(log, kind, { method, route, sub, ...path, ...facts, requestId })
}

/** Those whose line is written when the answer is ready; the others count rows, and write theirs when they end. */
const noted: ReadonlySet<AuditKind> = new Set(['master_data', 'settlement', 'personal_data'])

/**
 * Enters in each route's `config.audit` which lines it leaves, and writes those of master data and settlements when
 * they are done; a replay is no second act. Imports and files count rows, and write their line when they end.
 */
export const auditRoutes = (app: FastifyInstance): void => {
  app.addHook('onRoute', (route) => {
    const { action = [], files } = route.config ?? {}
    const ofActions = new Set([action].flat().flatMap((each) => auditKinds[each] ?? []))
    const lines: AuditKind[] = [...ofActions, ...(files === undefined ? [] : ['export' as const])]
    if (lines.length === 0) return
    route.config = { ...route.config, audit: lines }
    const kind = lines.find((each) => noted.has(each))
    if (kind === undefined) return
    // before the answer goes out, so that a caller who has left changes nothing
    const note: typeof route.onSend = (request, reply, payload, done) => {
      if (!request.isHandedOver && reply.statusCode < 400 && !reply.hasHeader('idempotent-replayed'))
        audit(request, kind, { version: Number(/\d+/.exec(String(reply.getHeader('etag')))?.[0]) })
      done(null, payload)
    }
    route.onSend = [...[route.onSend ?? []].flat(), note] as NonNullable<typeof route.onSend>
  })
}
