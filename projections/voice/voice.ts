/** The customer-voice desk (rulebook §16): items, sheets with their steps, and the ledger. */
import { type Instant, toEpoch } from '../../domain/instant.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import { dealerOfVoiceStream, type VoiceEventType, voiceEventData } from '../../domain/voice/events.ts'
import type { Page } from '../keysetPage.ts'
import type { Projection } from '../projection.ts'
import { createNumbering, createRows, createTableSql } from '../rows.ts'
import { createStatements } from '../statements.ts'
import { voiceHandlers } from './voiceHandlers.ts'
import {
  type EntryPageQuery,
  entryPage,
  type ItemPageQuery,
  itemPage,
  type SheetPageQuery,
  sheetPage,
} from './voiceQueries.ts'
import { type VoiceFigures, type VoiceReportQuery, voiceFigures } from './voiceReport.ts'
import {
  toEntryView,
  toItemView,
  toSheetView,
  type VoiceEntryRow,
  type VoiceEntryView,
  type VoiceItemView,
  type VoiceSheetView,
  voiceEntryTable,
  voiceItemTable,
  voiceSheetTable,
  voiceStepTable,
} from './voiceRows.ts'

export type VoiceQueries = {
  /** The newest first. */
  items(query: ItemPageQuery): Page<VoiceItemView>
  sheets(query: SheetPageQuery): Page<VoiceSheetView>
  ledger(query: EntryPageQuery): Page<VoiceEntryView>
  sheet(sheetId: string): VoiceSheetView | null
  figures(query: VoiceReportQuery): VoiceFigures
  entry(entryId: string): VoiceEntryView | null
  /** Of one sheet, in the order of booking. */
  entriesOf(sheetId: string): VoiceEntryView[]
  /** Sheets whose meeting or return is awaited, past a due that is a fact, and not booked; with the fact's event. */
  unbooked(now: Instant, limit: number): { sheetId: string; factId: string }[]
  itemByExternalNo(externalNo: string): VoiceItemView | null
  itemOfSubject(subjectId: SubjectId): VoiceItemView | null
  sheetOfSubject(subjectId: SubjectId): VoiceSheetView | null
  /** Subjects of items or of sheets in the order of their ids, those after one; `''`: from the first on. */
  subjectsAfter(of: 'items' | 'sheets', subjectId: SubjectId, limit: number): SubjectId[]
}

/** A step that is booked where it is late, on `voiceSheets v`. */
const lateStep = `v.lateBooked = 0 AND v.step IN ('meeting', 'return')`

export const voice: Projection<VoiceQueries> = {
  name: 'voice',
  version: 2,
  readByCommands: true,
  types: Object.keys(voiceEventData),
  tables: {
    voiceItems: createTableSql(voiceItemTable),
    voiceSheets: createTableSql(voiceSheetTable),
    voiceSteps: createTableSql(voiceStepTable),
    voiceEntries: createTableSql(voiceEntryTable),
  },
  indexes: {
    voiceItemsByMonth: 'CREATE INDEX voiceItemsByMonth ON voiceItems (month, dealer)',
    voiceItemsBySubject: 'CREATE INDEX voiceItemsBySubject ON voiceItems (subjectId)',
    voiceItemsByExternalNo:
      'CREATE INDEX voiceItemsByExternalNo ON voiceItems (externalNo) WHERE externalNo IS NOT NULL',
    voiceSheetsByTime: 'CREATE INDEX voiceSheetsByTime ON voiceSheets (sentAt)',
    voiceSheetsByDealer: 'CREATE INDEX voiceSheetsByDealer ON voiceSheets (dealer, sentAt)',
    voiceSheetsBySubject: 'CREATE INDEX voiceSheetsBySubject ON voiceSheets (subjectId)',
    openVoiceSteps: 'CREATE INDEX openVoiceSteps ON voiceSheets (step, dueAt) WHERE step IS NOT NULL',
    lateVoiceSteps: `CREATE INDEX lateVoiceSteps ON voiceSheets (dueAt) WHERE ${lateStep.replaceAll('v.', '')}`,
    voiceStepsByMonth: 'CREATE INDEX voiceStepsByMonth ON voiceSteps (month)',
    voiceEntriesByTime: 'CREATE INDEX voiceEntriesByTime ON voiceEntries (bookedAt)',
    voiceEntriesBySheet: 'CREATE INDEX voiceEntriesBySheet ON voiceEntries (sheetId)',
  },
  open: (db) => {
    const statements = createStatements(db)
    const rows = {
      items: createRows(db, voiceItemTable),
      sheets: createRows(db, voiceSheetTable),
      steps: createRows(db, voiceStepTable),
      entries: createRows(db, voiceEntryTable),
    }
    const numberings = {
      items: createNumbering(db, 'voiceItems'),
      sheets: createNumbering(db, 'voiceSheets'),
      steps: createNumbering(db, 'voiceSteps'),
      entries: createNumbering(db, 'voiceEntries'),
    }
    const tables = { ...rows, next: (table: keyof typeof rows): number => numberings[table].next() }
    const forget = (): void => {
      for (const each of Object.values(rows)) each.discard()
      for (const each of Object.values(numberings)) each.reset()
    }
    const itemBy = (column: 'externalNo' | 'subjectId', value: string): VoiceItemView | null =>
      statements.find(`SELECT * FROM voiceItems WHERE ${column} = ?`, [value], toItemView)
    const sheetBy = (column: 'sheetId' | 'subjectId', value: string): VoiceSheetView | null =>
      statements.find(`SELECT * FROM voiceSheets WHERE ${column} = ?`, [value], toSheetView)

    return {
      apply: ({ stream, type, data, metadata }) => {
        const dealer = dealerOfVoiceStream(stream)
        if (dealer === null) return
        const handler = voiceHandlers[type as VoiceEventType] as (
          to: typeof tables,
          data: unknown,
          known: { at: number; by: string; dealer: string },
        ) => void
        handler(tables, data, { at: toEpoch(metadata.recordedAt), by: metadata.actor.id, dealer })
      },
      flush: () => {
        for (const each of Object.values(rows)) each.flush()
      },
      discard: forget,
      reload: forget,
      queries: {
        items: (query) => itemPage(statements, query),
        sheets: (query) => sheetPage(statements, query),
        ledger: (query) => entryPage(statements, query),
        sheet: (sheetId) => sheetBy('sheetId', sheetId),
        figures: (query) => voiceFigures(statements, query),
        entry: (entryId) =>
          statements.find('SELECT * FROM voiceEntries WHERE entryId = ?', [entryId], toEntryView),
        entriesOf: (sheetId) =>
          statements
            .all<VoiceEntryRow>('SELECT * FROM voiceEntries WHERE sheetId = ? ORDER BY id', [sheetId])
            .map(toEntryView),
        unbooked: (now, limit) =>
          statements.all<{ sheetId: string; factId: string }>(
            `SELECT v.sheetId, f.eventId AS factId FROM voiceSheets v JOIN dueFacts f
               ON f.subject = v.sheetId AND f.type = 'DuePassed' AND f.clock = 'voice_' || v.step
               AND f.startedAt = v.stepStartedAt AND f.dueAt = v.dueAt
             WHERE ${lateStep} AND v.dueAt <= ? ORDER BY v.dueAt, v.id LIMIT ?`,
            [toEpoch(now), limit],
          ),
        itemByExternalNo: (externalNo) => itemBy('externalNo', externalNo),
        itemOfSubject: (subjectId) => itemBy('subjectId', subjectId),
        sheetOfSubject: (subjectId) => sheetBy('subjectId', subjectId),
        subjectsAfter: (of, subjectId, limit) =>
          statements
            .all<{ subjectId: SubjectId }>(
              `SELECT subjectId FROM ${voiceTablesByName[of]} WHERE subjectId > ? ORDER BY subjectId LIMIT ?`,
              [subjectId, limit],
            )
            .map((row) => row.subjectId),
      },
    }
  },
}

const voiceTablesByName = { items: 'voiceItems', sheets: 'voiceSheets' } as const
