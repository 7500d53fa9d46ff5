/** Whether every attachment of the log has its bytes, and whether there are bytes that no attachment names. */
import type { KeyObject } from 'node:crypto'
import type { SubjectKeys } from '../../domain/subjectKeys.ts'
import { fileKeyOf } from './chunks.ts'
import type { FileStore, ListedFile } from './fileStore.ts'
import type { NamedAttachment } from './inLog.ts'
import { DamagedFile, readSealed } from './readSealed.ts'

type CheckParts = {
  store: FileStore
  keys: Pick<SubjectKeys<KeyObject>, 'get'>
  report: (problem: string) => void
  onProgress: (done: number) => void
}

/** Files that were stored since may be of uploads whose event is about to come. */
const freshMs = 60_000

/** Every file there is. To be asked for before the log is read, so that what is removed meanwhile is not missed. */
export const listFiles = async (store: FileStore): Promise<ListedFile[]> => {
  const files: ListedFile[] = []
  for await (const file of store.list()) files.push(file)
  return files
}

const faultOf = async (
  { store, keys }: Pick<CheckParts, 'store' | 'keys'>,
  { bytes, ...file }: NamedAttachment,
): Promise<string | null> => {
  const key = keys.get(file.subjectId)
  if (key === null) return null
  try {
    const whole = { first: 0, last: bytes - 1 }
    for await (const _ of readSealed({ store, key: fileKeyOf(key, file), file, bytes }, whole));
    return null
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error
    return error.message
  }
}

/**
 * Reads the bytes of all attachments to their ends. `isGone` is asked of what is missing: it may have been removed since.
 * @returns how many were read.
 * @throws FilesUnavailable
 */
export const checkAttachments = async (
  { live, erased }: { live: ReadonlyMap<string, NamedAttachment>; erased: ReadonlySet<string> },
  { files, isGone }: { files: readonly ListedFile[]; isGone: (attachmentId: string) => boolean },
  { report, onProgress, ...checking }: CheckParts,
): Promise<number> => {
  let done = 0
  for (const attachment of live.values()) {
    const fault = await faultOf(checking, attachment)
    const { attachmentId, stream } = attachment
    if (fault !== null && !isGone(attachmentId)) report(`Attachment ${attachmentId} of ${stream}: ${fault}.`)
    done += 1
    onProgress(done)
  }
  for (const { attachmentId, subjectId, modifiedAt } of files) {
    if (live.has(attachmentId) || modifiedAt > Date.now() - freshMs) continue
    report(
      erased.has(subjectId)
        ? `The file ${subjectId}/${attachmentId} is of an erased customer; the next start removes it.`
        : `The file ${subjectId}/${attachmentId} is of no attachment; the next start removes it.`,
    )
  }
  return done
}
