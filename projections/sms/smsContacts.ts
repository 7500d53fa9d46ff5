/** SMS contacts of all dealers, and the requests about them (rulebook §13). */
import type { SmsAction, SmsDuty, SmsRequestStatus } from '../../domain/codes.ts'
import { toEpoch, toInstant } from '../../domain/instant.ts'
import type { SealedText } from '../../domain/sealed.ts'
import { dealerOfSmsStream, type SmsDataOf, smsEventData } from '../../domain/sms/events.ts'
import type { SmsContact, SmsRequest } from '../../domain/sms/smsContacts.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import { instantOrNull } from '../epoch.ts'
import { newestBy, type Page, type PageParts, tablePage } from '../keysetPage.ts'
import type { Projection } from '../projection.ts'
import { createNumbering, createRows, createTableSql, int, type RowOf, type Table, text } from '../rows.ts'
import { filtersOn } from '../scope.ts'
import { createStatements } from '../statements.ts'

const requestTable = {
  name: 'smsRequests',
  key: 'requestId',
  columns: {
    id: 'INTEGER PRIMARY KEY',
    requestId: `${text} UNIQUE`,
    dealer: text,
    contactId: text,
    action: text,
    duty: text,
    text,
    status: text,
    requestedAt: int,
    requestedBy: text,
    decidedAt: 'INTEGER',
    decidedBy: 'TEXT',
    /** Of the acceptance: how the contacts of a dealer follow each other. */
    decidedVersion: 'INTEGER',
    version: int,
    reason: 'TEXT',
  },
} as const satisfies Table
type RequestRow = RowOf<typeof requestTable>

/** A request in the list; `version` is that of the dealer's contacts after its last event. */
export type SmsRequestView = SmsRequest & { id: number; version: number }

export type SmsRequestQuery = PageParts & {
  /** What is left out filters nothing. */
  status?: readonly SmsRequestStatus[] | undefined
  dealers?: readonly string[] | undefined
}

export type SmsQueries = {
  /** The accepted contacts of a dealer in the order of their first request. */
  contactsOf(dealer: string): SmsContact[]
  byId(requestId: string): SmsRequestView | null
  /** The newest first. */
  requests(query: SmsRequestQuery): Page<SmsRequestView>
  /** The dealer whose contact a data subject is; `null`: it is none. */
  dealerOf(contactId: SubjectId): string | null
}

const toView = (row: RequestRow): SmsRequestView => ({
  id: row.id,
  version: row.version,
  requestId: row.requestId,
  dealer: row.dealer,
  contactId: row.contactId,
  action: row.action as SmsAction,
  duty: row.duty as SmsDuty,
  text: row.text as SealedText,
  status: row.status as SmsRequestStatus,
  requestedAt: toInstant(row.requestedAt),
  requestedBy: row.requestedBy,
  decidedAt: instantOrNull(row.decidedAt),
  decidedBy: row.decidedBy,
  reason: row.reason as SealedText | null,
})

/** The newest accepted request about a contact says how it is now. */
const contactsSql = `SELECT r.* FROM smsRequests r
  WHERE r.dealer = ? AND r.status = 'accepted' AND r.action <> 'delete'
    AND r.decidedVersion = (SELECT max(decidedVersion) FROM smsRequests n WHERE n.contactId = r.contactId AND n.status = 'accepted')
  ORDER BY (SELECT min(id) FROM smsRequests f WHERE f.contactId = r.contactId)`

export const smsContacts: Projection<SmsQueries> = {
  name: 'smsContacts',
  version: 1,
  readByCommands: false,
  types: Object.keys(smsEventData),
  tables: { smsRequests: createTableSql(requestTable) },
  indexes: {
    smsRequestsByDealer: 'CREATE INDEX smsRequestsByDealer ON smsRequests (dealer, requestedAt)',
    smsRequestsByContact: 'CREATE INDEX smsRequestsByContact ON smsRequests (contactId)',
    smsRequestsByTime: 'CREATE INDEX smsRequestsByTime ON smsRequests (requestedAt)',
  },
  open: (db) => {
    const statements = createStatements(db)
    const rows = createRows(db, requestTable)
    const numbering = createNumbering(db, 'smsRequests')
    const forget = (): void => {
      rows.discard()
      numbering.reset()
    }
    return {
      apply: ({ stream, type, data, version, metadata }) => {
        if (dealerOfSmsStream(stream) === null) return
        const at = toEpoch(metadata.recordedAt)
        if (type === 'SmsContactRequested')
          return rows.add({
            id: numbering.next(),
            ...(data as SmsDataOf<'SmsContactRequested'>),
            status: 'open',
            requestedAt: at,
            requestedBy: metadata.actor.id,
            decidedAt: null,
            decidedBy: null,
            decidedVersion: null,
            version,
            reason: null,
          })
        const decided = data as SmsDataOf<'SmsContactAccepted'> | SmsDataOf<'SmsContactRefused'>
        const row = rows.get(decided.requestId)
        if (row === undefined) return
        row.status = type === 'SmsContactAccepted' ? 'accepted' : 'refused'
        row.decidedAt = at
        row.decidedBy = metadata.actor.id
        row.decidedVersion = version
        row.version = version
        row.reason = 'text' in decided ? decided.text : null
      },
      flush: () => rows.flush(),
      discard: forget,
      reload: forget,
      queries: {
        contactsOf: (dealer) =>
          statements.all<RequestRow>(contactsSql, [dealer]).map((row) => ({
            contactId: row.contactId,
            duty: row.duty as SmsDuty,
            text: row.text as SealedText,
            acceptedAt: toInstant(row.decidedAt as number),
          })),
        byId: (requestId) =>
          statements.find('SELECT * FROM smsRequests WHERE requestId = ?', [requestId], toView),
        requests: (query) => {
          const { status, dealers } = query
          // an RBO may have more dealers than a statement takes parameters
          const sql = 'dealer IN (SELECT value FROM json_each(?))'
          const ofDealers = dealers === undefined ? [] : [{ sql, params: [JSON.stringify(dealers)] }]
          return tablePage<RequestRow, SmsRequestView>(
            statements,
            { table: 'smsRequests', order: newestBy('requestedAt'), view: toView },
            query,
            [...filtersOn({ status }), ...ofDealers],
          )
        },
        dealerOf: (contactId) =>
          statements.get<{ dealer: string }>('SELECT dealer FROM smsRequests WHERE contactId = ? LIMIT 1', [
            contactId,
          ])?.dealer ?? null,
      },
    }
  },
}
