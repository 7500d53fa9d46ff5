/** Which attachments there are, and which are gone, so that their files can be cleaned (rulebook §14, §17). */
import {
  type AttachmentAddedData,
  type AttachmentRemovedData,
  attachmentEventTypes,
} from '../domain/attachments/attachments.ts'
import type { StoredEvent } from '../domain/eventStore.ts'
import type { SubjectId } from '../domain/subjectKeys.ts'
import type { Projection } from './projection.ts'
import { createStatements } from './statements.ts'

/** An attachment that was removed, or whose customer was erased; numbered as it went. */
export type GoneAttachment = { id: number; subjectId: SubjectId; attachmentId: string }

export type AttachmentQueries = {
  /** It was added and neither removed nor erased. */
  isLive(attachmentId: string): boolean
  /** It was added, whatever became of it. */
  isKnown(attachmentId: string): boolean
  goneAfter(id: number, limit: number): GoneAttachment[]
  /** The number of the newest that is gone; 0: none is. */
  lastGone(): number
}

type Change =
  | { type: 'added'; subjectId: SubjectId; attachmentId: string }
  | { type: 'removed'; attachmentId: string }
  | { type: 'erased'; subjectId: SubjectId }

export const attachments: Projection<AttachmentQueries> = {
  name: 'attachments',
  version: 2,
  readByCommands: false,
  types: attachmentEventTypes,
  tables: {
    attachments:
      'CREATE TABLE attachments (attachmentId TEXT PRIMARY KEY, subjectId TEXT NOT NULL) STRICT, WITHOUT ROWID',
    goneAttachments:
      'CREATE TABLE goneAttachments (id INTEGER PRIMARY KEY, attachmentId TEXT NOT NULL UNIQUE, subjectId TEXT NOT NULL) STRICT',
    attachmentErasures: 'CREATE TABLE attachmentErasures (subjectId TEXT PRIMARY KEY) STRICT, WITHOUT ROWID',
  },
  indexes: { attachmentsBySubject: 'CREATE INDEX attachmentsBySubject ON attachments (subjectId)' },
  open: (db, sealing) => {
    const statements = createStatements(db)
    const add = db.prepare('INSERT OR IGNORE INTO attachments VALUES (?, ?)')
    const eraseLater = db.prepare('INSERT OR IGNORE INTO attachmentErasures VALUES (?)')
    const goneOne = db.prepare(
      `INSERT OR IGNORE INTO goneAttachments (attachmentId, subjectId)
       SELECT attachmentId, subjectId FROM attachments WHERE attachmentId = ?`,
    )
    const goneIfErased = db.prepare(
      `INSERT OR IGNORE INTO goneAttachments (attachmentId, subjectId)
       SELECT attachmentId, subjectId FROM attachments
       WHERE attachmentId = ? AND subjectId IN (SELECT subjectId FROM attachmentErasures)`,
    )
    const goneOfSubject = db.prepare(
      `INSERT OR IGNORE INTO goneAttachments (attachmentId, subjectId)
       SELECT attachmentId, subjectId FROM attachments WHERE subjectId = ? ORDER BY attachmentId`,
    )
    let changes: Change[] = []

    const changeOf = ({ type, data }: Pick<StoredEvent, 'type' | 'data'>): Change | null => {
      if (type === 'SubjectErased')
        return { type: 'erased', subjectId: (data as { subjectId: string }).subjectId }
      if (type.endsWith('AttachmentRemoved'))
        return { type: 'removed', attachmentId: (data as AttachmentRemovedData).attachmentId }
      if (!type.endsWith('AttachmentAdded')) return null
      const { attachmentId, text } = data as AttachmentAddedData
      return { type: 'added', subjectId: sealing.subjectOf(text), attachmentId }
    }
    const write = (change: Change): void => {
      if (change.type === 'added') {
        add.run(change.attachmentId, change.subjectId)
        // the upload of another node may have come just after
        goneIfErased.run(change.attachmentId)
      } else if (change.type === 'removed') goneOne.run(change.attachmentId)
      else {
        eraseLater.run(change.subjectId)
        goneOfSubject.run(change.subjectId)
      }
    }
    const discard = (): void => {
      changes = []
    }
    const isThere = (table: string, attachmentId: string): boolean =>
      statements.get(`SELECT 1 AS found FROM ${table} WHERE attachmentId = ?`, [attachmentId]) !== undefined

    return {
      apply: (event) => {
        const change = changeOf(event)
        if (change !== null) changes.push(change)
      },
      flush: () => {
        for (const change of changes) write(change)
        discard()
      },
      discard,
      reload: discard,
      queries: {
        isKnown: (attachmentId) => isThere('attachments', attachmentId),
        isLive: (attachmentId) =>
          isThere('attachments', attachmentId) && !isThere('goneAttachments', attachmentId),
        goneAfter: (id, limit) =>
          statements.all<GoneAttachment>('SELECT * FROM goneAttachments WHERE id > ? ORDER BY id LIMIT ?', [
            id,
            limit,
          ]),
        lastGone: () =>
          statements.get<{ last: number | null }>('SELECT max(id) AS last FROM goneAttachments', [])?.last ??
          0,
      },
    }
  },
}
