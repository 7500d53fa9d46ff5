/** Sealed files in the data folder: `attachments/<subjectId>/<attachmentId>`. */
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { attachmentIdForm } from '../../domain/attachments/attachments.ts'
import { type FileKey, type FileStore, FilesUnavailable, type ListedFile } from './fileStore.ts'

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code

/** What is not there is `null`; other faults of the disk make the store unavailable. */
const ifThere = async <T>(work: Promise<T>): Promise<T | null> => {
  try {
    return await work
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw new FilesUnavailable(`the folder of attachments: ${String(codeOf(error))}`, { cause: error })
  }
}

const flushFolder = async (dir: string): Promise<void> => {
  const handle = await open(dir, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes a folder that is on the disk when it settles. */
const makeFolder = async (dir: string): Promise<void> => {
  if ((await mkdir(dir, { recursive: true, mode: 0o700 })) !== undefined) await flushFolder(dirname(dir))
}

/** `dir` need not be there. */
export const openFolderStore = (dir: string): FileStore => {
  const folderOf = (subjectId: string): string => join(dir, subjectId)
  const pathOf = ({ subjectId, attachmentId }: FileKey): string => join(folderOf(subjectId), attachmentId)

  async function* list(of?: string): AsyncGenerator<ListedFile> {
    const subjects = of === undefined ? ((await ifThere(readdir(dir))) ?? []) : [of]
    for (const subjectId of subjects.filter((name) => attachmentIdForm.test(name)).sort()) {
      const names = (await ifThere(readdir(folderOf(subjectId)))) ?? []
      for (const attachmentId of names.filter((name) => attachmentIdForm.test(name)).sort()) {
        const found = await ifThere(stat(pathOf({ subjectId, attachmentId })))
        if (found !== null) yield { subjectId, attachmentId, bytes: found.size, modifiedAt: found.mtimeMs }
      }
    }
  }

  return {
    kind: 'folder',
    put: async (key, { path }) => {
      try {
        const folder = folderOf(key.subjectId)
        await makeFolder(folder)
        await rename(path, pathOf(key))
        await flushFolder(folder)
      } catch (error) {
        throw new FilesUnavailable(`the folder of attachments: ${String(codeOf(error))}`, { cause: error })
      }
    },
    open: async (key, { first, last }) => {
      const handle = await ifThere(open(pathOf(key), 'r'))
      if (handle === null) return null
      const { size } = await handle.stat()
      const stream = createReadStream('', { fd: handle, start: first, end: last, highWaterMark: 64 * 1024 })
      return { size, stream }
    },
    remove: async (key) => {
      await ifThere(unlink(pathOf(key)))
    },
    removeSubject: async (subjectId) => {
      await ifThere(rm(folderOf(subjectId), { recursive: true, force: true }))
    },
    list,
  }
}
