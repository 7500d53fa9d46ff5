/** What is said of each kind of record in which something is kept of a customer (rulebook §17). */
import type { StoredEvent } from '../../../domain/eventStore.ts'
import type { Instant } from '../../../domain/instant.ts'
import type { SealedText } from '../../../domain/sealed.ts'
import type { OpenRecord } from '../../../domain/subject.ts'
import type { SubjectId } from '../../../domain/subjectKeys.ts'
import type { CommandDeps, CommandViews } from '../deps.ts'

/** `call`: on a ticket of somebody else. */
export type KeptName =
  | 'ticket'
  | 'call'
  | 'inquiry'
  | 'sms_contact'
  | 'voice_item'
  | 'voice_sheet'
  | 'handover'

/** One record in which something is kept of a subject, as the views have it. */
export type KeptRecord = {
  /** Its number, as callers know it. */
  id: string
  /** Where its events are. */
  stream: string
  state: string
  /** Somebody still works on it; `null`: it has ended. */
  endedAt: Instant | null
}

/** The records of one kind. `deps` are read under the locks of an erasure, `views` at any time. */
export type KeptRecordKind = {
  name: KeptName
  recordsOf(views: CommandViews, subjectId: SubjectId): KeptRecord[]
  /** Subjects of whom there are records, in the order of their ids, those after one. */
  subjectsAfter(views: CommandViews, subjectId: SubjectId, limit: number): SubjectId[]
  /** Of whom there are records that a lookup hash finds. */
  subjectsOf(views: CommandViews, hash: Uint8Array): SubjectId[]
  /** Which events of a record's stream are about the subject; left out: all of them. */
  eventsOf?<E extends StoredEvent>(events: readonly E[], subjectId: SubjectId): E[]
  /** Forgets by what the subject is found. */
  forget(views: CommandViews, subjectId: SubjectId): void
  /** The sealed customer by which a new record of the same person joins this one; `null`: none would. */
  customerOf(deps: CommandDeps, id: string): Promise<SealedText | null>
  /** What says that the record still is open, and keeps the subject from being erased; `null`: it does not. */
  openOf(deps: CommandDeps, id: string): Promise<OpenRecord | null>
}
