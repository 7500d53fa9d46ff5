/** What a ticket has beside its row: its texts, and the external numbers that find it. */
import type Database from 'better-sqlite3'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { epochOrNull } from '../../domain/instant.ts'
import { externalNoOf } from '../../domain/plainText.ts'
import type { DataOf, TicketNo } from '../../domain/ticket/events.ts'
import type { TicketRow } from './ticketRow.ts'

/** Long and written once, so they stay out of the rows, which every event writes again. */
export const textTables = {
  ticketTexts:
    'CREATE TABLE ticketTexts (id INTEGER PRIMARY KEY, subjectId TEXT NOT NULL, customer TEXT NOT NULL, text TEXT NOT NULL, remedyText TEXT) STRICT',
  closingTexts:
    'CREATE TABLE closingTexts (id INTEGER PRIMARY KEY, text TEXT NOT NULL, measuresDoneAt INTEGER) STRICT',
  externalNos:
    'CREATE TABLE externalNos (externalNo TEXT PRIMARY KEY, ticketNo TEXT NOT NULL) STRICT, WITHOUT ROWID',
} as const

export type TicketTexts = {
  register(id: number, data: DataOf<'TicketRegistered'>): void
  /** Any later event of a ticket. */
  change(row: Pick<TicketRow, 'id' | 'ticketNo'>, event: StoredEvent): void
  flush(): void
  /** Forgets what came since the last flush. */
  discard(): void
}

export const createTicketTexts = (db: Database.Database): TicketTexts => {
  const addTexts = db.prepare<[number, string, string, string]>(
    'INSERT INTO ticketTexts VALUES (?, ?, ?, ?, NULL)',
  )
  const putCustomer = db.prepare<[string, number]>('UPDATE ticketTexts SET customer = ? WHERE id = ?')
  const putRemedy = db.prepare<[string, number]>('UPDATE ticketTexts SET remedyText = ? WHERE id = ?')
  const putClosing = db.prepare<[number, string, number | null]>(
    'INSERT OR REPLACE INTO closingTexts VALUES (?, ?, ?)',
  )
  const addExternalNo = db.prepare<[string, string]>(
    'INSERT INTO externalNos VALUES (?, ?) ON CONFLICT DO NOTHING',
  )
  let registered: [id: number, subjectId: string, customer: string, text: string][] = []
  let corrected: [customer: string, id: number][] = []
  let remedies: [text: string, id: number][] = []
  let closings: [id: number, text: string, measuresDoneAt: number | null][] = []
  let externalNos: [externalNo: string, ticketNo: string][] = []

  const noteExternalNo = (externalNo: string | null, ticketNo: TicketNo): void => {
    if (externalNo !== null) externalNos.push([externalNoOf(externalNo), ticketNo])
  }
  const discard = (): void => {
    registered = []
    corrected = []
    remedies = []
    closings = []
    externalNos = []
  }

  return {
    register: (id, data) => {
      registered.push([id, data.subjectId, data.customer, data.text])
      noteExternalNo(data.externalNo, data.ticketNo)
    },
    change: ({ id, ticketNo }, { type, data }) => {
      if (type === 'ContactLogged') noteExternalNo((data as DataOf<'ContactLogged'>).externalNo, ticketNo)
      else if (type === 'TicketCorrected') corrected.push([(data as DataOf<'TicketCorrected'>).customer, id])
      else if (type === 'WeightChanged') {
        const { hasRemedyText, text } = data as DataOf<'WeightChanged'>
        if (hasRemedyText) remedies.push([text, id])
      } else if (type === 'TicketClosed') {
        const { text, measuresDoneAt } = data as DataOf<'TicketClosed'>
        closings.push([id, text, epochOrNull(measuresDoneAt)])
      }
    },
    flush: () => {
      for (const each of registered) addTexts.run(...each)
      for (const each of corrected) putCustomer.run(...each)
      for (const each of remedies) putRemedy.run(...each)
      for (const each of closings) putClosing.run(...each)
      for (const each of externalNos) addExternalNo.run(...each)
      discard()
    },
    discard,
  }
}
