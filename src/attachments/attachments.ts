/** The bytes of attachments, put together from keys, the store of files, and the folder of uploads. */

import type { KeyObject } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { Problem } from '../../api/http/problems.ts'
import type { AttachmentFiles } from '../../domain/attachments/files.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { SubjectKeys } from '../../domain/subjectKeys.ts'
import { flushToDisk } from '../../projections/flushToDisk.ts'
import { fileKeyOf } from './chunks.ts'
import { type FileStore, FilesUnavailable } from './fileStore.ts'
import { openFolderStore } from './folderStore.ts'
import { DamagedFile, MissingFile, readSealed } from './readSealed.ts'
import { receive } from './receive.ts'
import type { S3Settings } from './s3Calls.ts'
import { openS3Store } from './s3Store.ts'
import type { ScannerAddress } from './scanner.ts'

/** Where the files are. */
export type AttachmentSettings = { kind: 'folder' } | ({ kind: 's3' } & S3Settings)

export const attachmentsDir = (dataDir: string): string => join(dataDir, 'attachments')

/** The store that the configuration names. */
export const openFileStore = (
  settings: AttachmentSettings,
  dataDir: string,
): FileStore & { close?(): Promise<void> } =>
  settings.kind === 's3' ? openS3Store(settings) : openFolderStore(attachmentsDir(dataDir))

/** Makes the folder of uploads, and empties it of those that a crash interrupted. The caller has the folder's lock. */
export const prepareIncoming = (dataDir: string): string => {
  const [dir, incoming] = [attachmentsDir(dataDir), join(attachmentsDir(dataDir), 'incoming')]
  mkdirSync(incoming, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(incoming)) rmSync(join(incoming, name), { force: true })
  for (const each of [dir, dataDir]) flushToDisk(each)
  return incoming
}

type Parts = {
  store: FileStore
  keys: Pick<SubjectKeys<KeyObject>, 'get'>
  incoming: string
  scanner: ScannerAddress | null
  /** Whether nodes with a folder of their own may have bytes that this one's has not. */
  hasOtherFolders: boolean
  log: Pick<Logger, 'warn' | 'error'>
}

/** Reads the first bytes, so that what is missing or damaged there is an answer of its own; the rest follows. */
const begun = async (bytes: AsyncGenerator<Buffer>): Promise<AsyncGenerator<Buffer>> => {
  const first = await bytes.next()
  return (async function* () {
    if (!first.done) yield first.value
    yield* bytes
  })()
}

export const createAttachments = ({
  store,
  keys,
  incoming,
  scanner,
  hasOtherFolders,
  log,
}: Parts): AttachmentFiles => {
  const keyOf = (subjectId: string): KeyObject => {
    const key = keys.get(subjectId)
    if (key === null) throw new Refusal('customer_erased')
    return key
  }
  /** Answers for a store that is away. */
  const orUnavailable = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      if (!(error instanceof FilesUnavailable)) throw error
      log.warn({ error: error.message }, 'attachments are not available')
      throw new Problem('attachments_unavailable')
    }
  }
  return {
    receive: async (subjectId, source) => {
      const arrived = await receive({ dir: incoming, scanner }, { subjectId, key: keyOf(subjectId) }, source)
      const { file, sealed, ...told } = arrived
      return {
        ...told,
        attachmentId: file.attachmentId,
        keep: () =>
          orUnavailable(store.put(file, sealed)).catch((error: unknown) => {
            // erasing removes the place of the file under it: that is no fault of the store
            keyOf(subjectId)
            throw error
          }),
        discard: async () => {
          await rm(sealed.path, { force: true }).catch(() => undefined)
        },
      }
    },
    read: async ({ subjectId, attachmentId, bytes }, range) => {
      const file = { subjectId, attachmentId }
      const key = fileKeyOf(keyOf(subjectId), file)
      const opened = readSealed({ store, key, file, bytes }, range)
      const tellOf = (error: unknown): void => {
        if (error instanceof DamagedFile)
          log.error({ attachmentId, error: error.message }, 'a stored attachment is damaged')
      }
      const whole = await orUnavailable(begun(opened)).catch((error: unknown) => {
        if (error instanceof MissingFile && hasOtherFolders) {
          log.warn({ attachmentId }, 'an attachment is not in the data folder of this node')
          throw new Problem('attachment_on_other_node')
        }
        tellOf(error)
        throw error instanceof DamagedFile ? new Problem('attachment_damaged') : error
      })
      return (async function* () {
        try {
          yield* whole
        } catch (error) {
          tellOf(error)
          throw error
        }
      })()
    },
    remove: (file) => orUnavailable(store.remove(file)),
    removeSubject: (subjectId) => orUnavailable(store.removeSubject(subjectId)),
  }
}
