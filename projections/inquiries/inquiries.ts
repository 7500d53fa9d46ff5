/** Every inquiry (rulebook §12), and by what their customers are found. */
import {
  type InquiryDataOf,
  type InquiryEventType,
  type InquiryNo,
  inquiryEventData,
  inquiryOfStream,
} from '../../domain/inquiry/events.ts'
import { type Instant, toEpoch } from '../../domain/instant.ts'
import type { SubjectEvent } from '../../domain/subject.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import { hashListSql } from '../columns/hashList.ts'
import type { Projection } from '../projection.ts'
import { createRows, createTableSql } from '../rows.ts'
import type { Scopes } from '../scope.ts'
import { createStatements } from '../statements.ts'
import { createSubjectHashes, matchedBy, matchedEach, personOf, subjectsAfter } from '../subjectHashes.ts'
import {
  awaitedSql,
  type InquiryFact,
  type InquiryPage,
  type InquiryPageQuery,
  inquiryFacts,
  inquiryPage,
} from './inquiryQueries.ts'
import { type InquiryRow, type InquiryView, inquiryTable, toInquiryView } from './inquiryRow.ts'

export type InquiryQueries = {
  page(query: InquiryPageQuery): InquiryPage
  byNo(inquiryNo: InquiryNo): InquiryView | null
  /** The inquiry with that external number. */
  numberOf(externalNo: string): InquiryNo | null
  /** Of a period, for the monthly report. */
  ofPeriod(period: { from: Instant; to: Instant; asOf: Instant; scope: Scopes }): InquiryFact[]
  /** The inquiries of a subject, in order of registration. */
  ofSubject(subjectId: SubjectId): InquiryView[]
  /** Whose inquiries the hash finds. */
  subjectsOf(hash: Uint8Array): SubjectId[]
  /** Subjects with inquiries in the order of their ids, those after one; `''`: from the first on. */
  subjectsAfter(subjectId: SubjectId, limit: number): SubjectId[]
  /** Whose newest inquiry has that customer number, else that phone; `null`: no inquirer is known by them. */
  subjectOf(customerIdHash: Uint8Array | null, phoneHash: Uint8Array | null): SubjectId | null
  /** Forgets by what an erased subject is found. Part of erasing a subject. */
  forget(subjectId: SubjectId): void
}

type Change<T extends InquiryEventType> = (row: InquiryRow, data: InquiryDataOf<T>, at: number) => void

const close = (row: InquiryRow, at: number): void => {
  row.state = 'closed'
  row.closedAt = at
}

const changes: { [T in Exclude<InquiryEventType, 'InquiryRegistered'>]: Change<T> } = {
  InquiryForwarded: (row, { clock }, at) => {
    row.state = 'forwarded'
    row.forwardedAt = at
    row.answerDueAt = toEpoch(clock.dueAt)
    row.answerProvisional = clock.provisional ? 1 : 0
  },
  InquiryAnswered: (row, { by, clock }, at) => {
    row.state = 'answered'
    row.answeredAt = at
    row.answeredBy = by
    row.relayDueAt = toEpoch(clock.dueAt)
    row.relayProvisional = clock.provisional ? 1 : 0
  },
  InquiryRelayed: (row, { reached }, at) => {
    if (!reached) return
    row.relayedAt = at
    close(row, at)
  },
  InquiryWithdrawn: (row, _data, at) => {
    row.state = 'withdrawn'
    row.withdrawnAt = at
  },
  InquiryBecameComplaint: (row, _data, at) => {
    row.stateBefore = row.state
    close(row, at)
  },
  InquiryTicketNamed: (row, { ticketNo, outcome }, at) => {
    row.ticketNo = ticketNo
    row.outcome = outcome
    row.complaintAt = at
  },
  // a view of their own has attachments
  InquiryAttachmentAdded: () => {},
  InquiryAttachmentRemoved: () => {},
  InquiryReopened: (row) => {
    row.state = row.stateBefore ?? row.state
    row.closedAt = null
  },
}

const newRow = (id: number, data: InquiryDataOf<'InquiryRegistered'>, at: number): InquiryRow => ({
  id,
  inquiryNo: data.inquiryNo,
  externalNo: data.externalNo,
  subjectId: data.subjectId,
  version: 1,
  state: 'open',
  stateBefore: null,
  channel: data.channel,
  topic: data.topic,
  dealer: data.dealer,
  rbo: data.rbo,
  registeredAt: at,
  forwardedAt: null,
  answerDueAt: null,
  answerProvisional: 0,
  answeredAt: null,
  answeredBy: null,
  relayDueAt: null,
  relayProvisional: 0,
  relayedAt: null,
  withdrawnAt: null,
  closedAt: null,
  ticketNo: null,
  outcome: null,
  complaintAt: null,
  customer: data.customer,
})

export const inquiries: Projection<InquiryQueries> = {
  name: 'inquiries',
  version: 3,
  readByCommands: true,
  types: [...Object.keys(inquiryEventData), 'SubjectErased'],
  tables: { inquiries: createTableSql(inquiryTable), inquirerKeys: hashListSql('inquirerKeys') },
  indexes: {
    inquiriesByTime: 'CREATE INDEX inquiriesByTime ON inquiries (registeredAt)',
    inquiriesByDue: `CREATE INDEX inquiriesByDue ON inquiries (${awaitedSql})`,
    inquiriesBySubject: 'CREATE INDEX inquiriesBySubject ON inquiries (subjectId)',
    inquiriesByExternalNo:
      'CREATE INDEX inquiriesByExternalNo ON inquiries (externalNo) WHERE externalNo IS NOT NULL',
    unansweredInquiries: `CREATE INDEX unansweredInquiries ON inquiries (answerDueAt) WHERE state = 'forwarded'`,
    unrelayedInquiries: `CREATE INDEX unrelayedInquiries ON inquiries (relayDueAt) WHERE state = 'answered'`,
  },
  open: (db, sealing) => {
    const statements = createStatements(db)
    const rows = createRows(db, inquiryTable)
    const hashes = createSubjectHashes(db, { list: 'inquirerKeys', rows: 'inquiries', each: matchedEach })
    const find = (column: 'inquiryNo' | 'externalNo', value: string): InquiryView | null =>
      statements.find(`SELECT * FROM inquiries WHERE ${column} = ?`, [value], toInquiryView)
    const register = (data: InquiryDataOf<'InquiryRegistered'>, at: number): void => {
      const person = data.customer === null ? {} : personOf(sealing, data.customer)
      rows.add(newRow(hashes.add(data.subjectId, matchedBy(sealing, person)), data, at))
    }

    return {
      apply: ({ stream, type, version, data, metadata }) => {
        if (type === 'SubjectErased') return hashes.forget((data as SubjectEvent['data']).subjectId)
        const inquiryNo = inquiryOfStream(stream)
        if (inquiryNo === null) return
        const at = toEpoch(metadata.recordedAt)
        if (type === 'InquiryRegistered') return register(data as InquiryDataOf<'InquiryRegistered'>, at)
        const row = rows.get(inquiryNo)
        if (row === undefined) return
        row.version = version
        const change = changes[type as keyof typeof changes] as Change<InquiryEventType>
        change(row, data as InquiryDataOf<InquiryEventType>, at)
      },
      flush: () => {
        rows.flush()
        hashes.flush()
      },
      discard: () => {
        rows.discard()
        hashes.discard()
      },
      reload: () => {
        rows.discard()
        hashes.reload()
      },
      queries: {
        page: (query) => inquiryPage(statements, query),
        byNo: (inquiryNo) => find('inquiryNo', inquiryNo),
        numberOf: (externalNo) => find('externalNo', externalNo)?.inquiryNo ?? null,
        ofPeriod: (period) => inquiryFacts(statements, period),
        ofSubject: (subjectId) =>
          statements
            .all<InquiryRow>('SELECT * FROM inquiries WHERE subjectId = ? ORDER BY id', [subjectId])
            .map(toInquiryView),
        subjectsOf: hashes.subjectsOf,
        subjectsAfter: subjectsAfter(db, 'inquiries'),
        subjectOf: hashes.subjectOf,
        forget: db.transaction(hashes.forget),
      },
    }
  },
}
