/** Why a command cannot be done just now, as a plain fact; the HTTP side gives each code its status and words. */
export type ConflictCode =
  /** The caller decided on a version that is no longer the newest. */
  | 'version_conflict'
  /** Other writers were faster each time. */
  | 'write_conflict'
  /** The same command is being done by somebody else. */
  | 'request_in_progress'
  /** The command's key was used for other input before. */
  | 'idempotency_key_reused'
  /** A view does not yet have what the command rests on. */
  | 'view_behind'

/** A command lost against other work. `retryAfterSeconds` says when the same call is worth sending again. */
export class Conflict extends Error {
  readonly code: ConflictCode
  readonly retryAfterSeconds: number | null

  constructor(code: ConflictCode, retryAfterSeconds: number | null = null) {
    super(code)
    this.name = 'Conflict'
    this.code = code
    this.retryAfterSeconds = retryAfterSeconds
  }
}
