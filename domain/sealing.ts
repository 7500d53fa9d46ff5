import type { SealedText } from './sealed.ts'
import type { SubjectId } from './subjectKeys.ts'

/** What a customer is found by (rulebook §6). */
export type CustomerKeyKind = 'customerId' | 'phone' | 'vin'

/** What a ticket can be searched by beside them, and no customer is matched by. */
export type SearchKeyKind = 'plateNo' | 'customerName'

/** What `open` gives of a text that does not open: it was changed, or its key is missing. */
export const unreadable = Symbol('unreadable')

/** The port of everything that is done with personal data's keys. All of it is synchronous and takes microseconds. */
export type Sealer = {
  /**
   * Any JSON value as sealed text that only the subject's key opens: `v1.<subject>.<base64url>`. Of an erased subject
   * nothing is kept: its sealed text is empty, and opens as one from before the erasure.
   * @throws Error where the subject never had a key, or the value has no JSON form.
   */
  seal(subject: SubjectId, value: unknown): SealedText

  /**
   * The value of a sealed text; `null` where the subject is erased, `unreadable` where it was changed or its key is missing. `once`: the caller opens very many and none of them
   * again, so nothing is held on to.
   */
  open(sealed: SealedText, once?: boolean): unknown

  /**
   * What was kept beside a text that was opened or sealed lately; `undefined` where there is nothing, or the text does not
   * open any more.
   */
  kept(sealed: SealedText): unknown

  /** Keeps what was made of a text beside it, as long as the text itself is held on to. */
  keep(sealed: SealedText, made: unknown): void

  /** Whose sealed text it is. @throws Error where the text is no sealed text. */
  subjectOf(sealed: SealedText): SubjectId

  /** 16 bytes that find a customer without naming one; `value` is normalised already, see `customerKeys.ts` and `searchKeys.ts`. */
  lookupHash(kind: CustomerKeyKind | SearchKeyKind, value: string): Uint8Array

  /** Lets go of all that is held in memory of a subject that was erased. */
  forget(subject: SubjectId): void

  /**
   * Keyed digest of a request's canonical JSON, to tell whether a repeated call asks the same. It is keyed by the
   * subject the request speaks of, so that it says nothing after erasure, and by the service where there is none.
   * `null` where the subject is erased: nobody can tell any more.
   */
  requestDigest(subject: SubjectId | null, canonicalJson: string): string | null
}
