/** The port of where sealed files are: the data folder, or an S3 server. Both name a file `<subjectId>/<attachmentId>`. */
import type { Readable } from 'node:stream'

export type FileKey = { subjectId: string; attachmentId: string }

/** A sealed file that is complete and on the local disk. */
export type SealedFile = { path: string; bytes: number; sha256: string }

export type ListedFile = FileKey & { bytes: number; modifiedAt: number }

/** The store does not answer, or refuses what should work. Its message names no key and no secret. */
export class FilesUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'FilesUnavailable'
  }
}

export type FileStore = {
  kind: 'folder' | 's3'
  /** Takes a file over: when it settles it is durable under its key, and the local one is gone. @throws FilesUnavailable */
  put(key: FileKey, file: SealedFile): Promise<void>
  /**
   * Bytes `first` to `last`, both inclusive, and the size of the whole file; `null` where there is none. `last` may lie
   * behind the end.
   * @throws FilesUnavailable
   */
  open(
    key: FileKey,
    range: { first: number; last: number },
  ): Promise<{ size: number; stream: Readable } | null>
  /** Without effect where there is none. @throws FilesUnavailable */
  remove(key: FileKey): Promise<void>
  /** All files of a subject. @throws FilesUnavailable */
  removeSubject(subjectId: string): Promise<void>
  /** Every file there is, one after the other. @throws FilesUnavailable */
  list(subjectId?: string): AsyncIterable<ListedFile>
}
