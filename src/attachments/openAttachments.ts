/** Opens what the service needs of attachments, by its configuration. */
import type { KeyObject } from 'node:crypto'
import type { Logger } from 'pino'
import type { AttachmentFiles } from '../../domain/attachments/files.ts'
import type { SubjectKeys } from '../../domain/subjectKeys.ts'
import type { AttachmentQueries } from '../../projections/attachments.ts'
import type { Config } from '../config.ts'
import { createAttachments, openFileStore, prepareIncoming } from './attachments.ts'
import { createCleaner } from './cleaner.ts'

/** An upload of another node is stored and named within this time, milliseconds. */
const otherNodesMs = 3_600_000

type Parts = {
  config: Config
  keys: Pick<SubjectKeys<KeyObject>, 'get'>
  views: { attachments: AttachmentQueries }
  log: Logger
}

/** The caller has the lock of the data folder. */
export const openAttachments = ({ config, keys, views, log }: Parts) => {
  const { attachments: settings, dataDir, clamd: scanner, eventStore } = config
  const incoming = prepareIncoming(dataDir)
  const store = openFileStore(settings, dataDir)
  const isAlone = eventStore === 'sqlite'
  const hasOtherFolders = !isAlone && store.kind === 'folder'
  if (hasOtherFolders)
    log.warn('attachments are in the data folder of this node alone: several nodes need ATTACHMENTS on S3')
  const files: AttachmentFiles = createAttachments({
    store,
    keys,
    incoming,
    scanner,
    hasOtherFolders,
    log,
  })
  const clean = createCleaner({
    store,
    attachments: views.attachments,
    startedAt: Date.now(),
    graceMs: isAlone ? 0 : otherNodesMs,
    log,
  })
  return { files, clean, close: async () => store.close?.() }
}
