/** By what a line of an import is known again. */
import type { SubjectId } from '../../../domain/subjectKeys.ts'

/** What a line is known by: its command, and its digest, keyed by the subject it speaks of (see ADR 0004). */
export type Identity = {
  commandId: string
  digestOf(subject: SubjectId): string
  /** Whether it was applied before. @throws Refusal `ref_reused` */
  isDone(): boolean | Promise<boolean>
}
