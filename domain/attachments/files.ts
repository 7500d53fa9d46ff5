/** The port of the bytes of attachments: sealed with the customer's key on the way in, opened on the way out. */
import type { SubjectId } from '../subjectKeys.ts'
import type { AttachmentType } from './attachments.ts'

/** Bytes that came in and are sealed in a temporary file: not an attachment until they are kept. */
export type ReceivedFile = {
  attachmentId: string
  mediaType: AttachmentType
  bytes: number
  /** Of the bytes as they came, hexadecimal. */
  sha256: string
  /** Stores them; when it settles they outlive the process. @throws Problem `attachments_unavailable` */
  keep(): Promise<void>
  /** Removes the temporary file; without effect once kept. Never throws. */
  discard(): Promise<void>
}

/** Where the bytes of one attachment are, and how many they are. */
export type StoredAttachment = { subjectId: SubjectId; attachmentId: string; bytes: number }

/** Bytes from the first to the last, both inclusive. */
export type ByteRange = { first: number; last: number }

export type AttachmentFiles = {
  /**
   * Takes bytes in with bounded memory, tells their type by their content, and has them scanned for viruses where a
   * scanner is configured. Whatever goes wrong, nothing is left of them.
   * @throws Problem `attachment_too_large`, `attachment_empty`, `attachment_type_not_allowed`, `attachment_expands_too_far`,
   * `attachment_infected`, `scanner_unavailable`; Refusal `customer_erased`; what the source throws
   */
  receive(subjectId: SubjectId, source: AsyncIterable<Uint8Array>): Promise<ReceivedFile>

  /**
   * The opened bytes of a range. Their first part has been read and authenticated when it settles; what is damaged
   * further on ends the stream with an error.
   * @throws Problem `attachment_damaged`, `attachment_on_other_node`, `attachments_unavailable`; Refusal `customer_erased`
   */
  read(stored: StoredAttachment, range: ByteRange): Promise<AsyncIterable<Uint8Array>>

  /** Removes the bytes of an attachment; without effect where there are none. @throws Problem `attachments_unavailable` */
  remove(stored: Pick<StoredAttachment, 'subjectId' | 'attachmentId'>): Promise<void>

  /** Removes all bytes of an erased customer. @throws Problem `attachments_unavailable` */
  removeSubject(subjectId: SubjectId): Promise<void>
}
