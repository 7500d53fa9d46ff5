/** Who acts, when, and under which id: what every append of one request shares. */
import { type Actor, recordedActor } from '../../domain/authority.ts'
import type { Metadata } from '../../domain/eventStore.ts'
import type { Instant } from '../../domain/instant.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'

export type Act = {
  actor: Actor
  now: Instant
  commandId: string
  correlationId: string
  causationId?: string
  /** Where the caller gave an `Idempotency-Key`: makes the request's digest, keyed by the subject it speaks of. */
  digestOf?: (subject: SubjectId) => string
  /** That digest, once the subject is known. */
  requestDigest?: string
  imported?: true
  /** Who runs the import, and when that really is. */
  importedBy?: string
  importedAt?: Instant
}

/** What the service does by itself, such as entering the official calendars. It needs no role. */
export const systemActor: Actor = { id: 'system', roles: [] }

/** The act once its data subject is known. */
export const speakingOf = (act: Act, subject: SubjectId): Act =>
  act.digestOf === undefined ? act : { ...act, requestDigest: act.digestOf(subject) }

/** The metadata of the act's events. */
export const metadataOf = (act: Act, role: string, recordedAt: Instant): Metadata => ({
  commandId: act.commandId,
  actor: recordedActor(act.actor, role),
  correlationId: act.correlationId,
  recordedAt,
  ...(act.causationId !== undefined && { causationId: act.causationId }),
  ...(act.requestDigest !== undefined && { requestDigest: act.requestDigest }),
  ...(act.imported && { imported: true }),
  ...(act.importedBy !== undefined && { importedBy: act.importedBy }),
  ...(act.importedAt !== undefined && { importedAt: act.importedAt }),
})
