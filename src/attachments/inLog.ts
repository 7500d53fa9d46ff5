/** What the log says of attachments, read event by event: for programs that have no views. */
import type Database from 'better-sqlite3'
import {
  type AttachmentAddedData,
  type AttachmentRemovedData,
  attachmentEventTypes,
} from '../../domain/attachments/attachments.ts'
import type { StoredAttachment } from '../../domain/attachments/files.ts'

const types: ReadonlySet<string> = new Set(attachmentEventTypes)

/** `stream`: the ticket's or inquiry's. */
export type NamedAttachment = StoredAttachment & { stream: string }

/** The subject of a sealed text, `v1.<subject>.…`; empty where it is damaged. */
const subjectOf = (sealed: string): string => sealed.split('.')[1] ?? ''

/** Collects the attachments that are neither removed nor erased. Takes events in the order of the log. */
export const createAttachmentsInLog = () => {
  const live = new Map<string, NamedAttachment>()
  const erased = new Set<string>()
  return {
    live,
    erased,
    /** `data`: JSON. What cannot be read is left out; another check names it. */
    add: ({ type, data, stream }: { type: string; data: string; stream: string }): void => {
      if (!types.has(type)) return
      let event: unknown
      try {
        event = JSON.parse(data)
      } catch {
        return
      }
      if (type === 'SubjectErased') {
        const { subjectId } = event as { subjectId: string }
        erased.add(subjectId)
        for (const [id, each] of live) if (each.subjectId === subjectId) live.delete(id)
        return
      }
      if (type.endsWith('AttachmentRemoved')) {
        live.delete((event as AttachmentRemovedData).attachmentId)
        return
      }
      const { attachmentId, bytes, text } = event as AttachmentAddedData
      const subjectId = subjectOf(String(text))
      if (!erased.has(subjectId)) live.set(attachmentId, { attachmentId, subjectId, bytes, stream })
    },
  }
}

/** Those of a whole log. */
export const attachmentsInLog = (log: Database.Database): ReadonlyMap<string, NamedAttachment> => {
  const { live, add } = createAttachmentsInLog()
  const names = [...types].map((type) => `'${type}'`).join(', ')
  const rows = log.prepare<[], { type: string; data: string; stream: string }>(
    `SELECT type, data, stream FROM events WHERE type IN (${names}) ORDER BY position`,
  )
  for (const row of rows.iterate()) add(row)
  return live
}
