/**
 * Removes files that no attachment names: of uploads that a crash cut before their event, and of attachments that were
 * removed or erased where a crash or an absent store came in between.
 */
import type { Logger } from 'pino'
import type { AttachmentQueries } from '../../projections/attachments.ts'
import type { FileStore } from './fileStore.ts'

type Parts = {
  store: FileStore
  attachments: AttachmentQueries
  /** Since when this process runs; what was stored later is of an upload that goes on. Milliseconds. */
  startedAt: number
  /** How long an upload of another node may take between file and event, milliseconds; 0: there is no other node. */
  graceMs: number
  log: Pick<Logger, 'info' | 'warn'>
}

/** Removed and erased attachments looked at in one go. */
const pageSize = 500

export const createCleaner = ({ store, attachments, startedAt, graceMs, log }: Parts) => {
  let last = 0
  let isListed = false

  const removeUnnamed = async (): Promise<void> => {
    let removed = 0
    for await (const file of store.list()) {
      if (attachments.isLive(file.attachmentId)) continue
      const isOld = file.modifiedAt < startedAt - graceMs
      if (!isOld && !attachments.isKnown(file.attachmentId)) continue
      await store.remove(file)
      removed += 1
    }
    if (removed > 0) log.info({ removed }, 'files that no attachment names were removed')
  }

  const removeGone = async (): Promise<void> => {
    for (;;) {
      const gone = attachments.goneAfter(last, pageSize)
      for (const { id, ...file } of gone) {
        await store.remove(file)
        last = id
      }
      if (gone.length < pageSize) return
    }
  }

  let running: Promise<void> | null = null
  const clean = async (): Promise<void> => {
    try {
      if (!isListed) {
        // what goes from here on is found by its number
        const from = attachments.lastGone()
        await removeUnnamed()
        last = from
        isListed = true
      }
      await removeGone()
    } catch (error) {
      log.warn({ error: String(error) }, 'files of attachments could not be cleaned; it is tried again')
    }
  }
  /** Looks at all files the first time, then at what is gone since; one run at a time. Never throws. */
  return (): Promise<void> => {
    running ??= clean().finally(() => {
      running = null
    })
    return running
  }
}
