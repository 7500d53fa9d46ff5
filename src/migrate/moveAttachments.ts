/** Copies attachments from the data folder to S3, where several nodes find them. What is there already is not sent again. */
import { createHash } from 'node:crypto'
import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileStore } from '../attachments/fileStore.ts'

/** Files are at most 20 MiB and a little, so one at a time is read whole. */
export const moveAttachments = async (
  { from, dir, to, incoming }: { from: FileStore; dir: string; to: FileStore; incoming: string },
  onProgress: (done: number) => void,
): Promise<number> => {
  const there = new Map<string, number>()
  for await (const { attachmentId, bytes } of to.list()) there.set(attachmentId, bytes)
  let done = 0
  for await (const { bytes, modifiedAt: _, ...file } of from.list()) {
    if (there.get(file.attachmentId) !== bytes) {
      // the store takes a local file over, so it gets a copy
      const path = join(incoming, `${file.attachmentId}.part`)
      await copyFile(join(dir, file.subjectId, file.attachmentId), path)
      const sha256 = createHash('sha256')
        .update(await readFile(path))
        .digest('hex')
      await to.put(file, { path, bytes, sha256 })
    }
    done += 1
    onProgress(done)
  }
  return done
}
