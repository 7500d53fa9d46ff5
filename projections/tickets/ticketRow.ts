/** The row of a ticket: everything lists show and filter by, but no text. */
import { int, type RowOf, type Table, text } from '../rows.ts'

/** A warning as the ticket's row lists it; instants are epoch ms. */
export type RowWarning = {
  warningId: string
  code: string
  tier: string
  unit: string
  raisedAt: number
  acknowledgedAt: number | null
  resolvedAt: number | null
}

const maybeInt = 'INTEGER'
const maybeText = 'TEXT'

export const ticketTable = {
  name: 'tickets',
  key: 'ticketNo',
  columns: {
    id: 'INTEGER PRIMARY KEY',
    ticketNo: `${text} UNIQUE`,
    version: int,
    lastAt: int,
    state: text,
    level: text,
    category: text,
    ordinal: int,
    channel: text,
    source: maybeText,
    severity: maybeText,
    safety: int,
    remedy: maybeText,
    receivedAt: int,
    registeredAt: int,
    dispatchedAt: int,
    respondedAt: maybeInt,
    closedAt: maybeInt,
    convertedAt: maybeInt,
    consumerInformedAt: maybeInt,
    consumerNoticeDueAt: int,
    consumerNoticeProvisional: int,
    responseDueAt: int,
    closeDueAt: maybeInt,
    /** `dueAt` of the REST contract, `never` for none, so that it sorts last. */
    sortDue: int,
    /** Bits: 1 the response's due, 2 that of closing. */
    provisional: int,
    tier: text,
    unit: text,
    dealer: maybeText,
    rbo: maybeText,
    responsibleDealer: maybeText,
    assignee: maybeText,
    calls: int,
    externalNo: maybeText,
    escalatedFrom: maybeText,
    escalatedTo: maybeText,
    relatedTo: maybeText,
    duplicateOf: maybeText,
    repeatWindowEndsAt: maybeInt,
    repeatLinkedAt: maybeInt,
    rootCauseCode: maybeText,
    decision: maybeText,
    goodwillKind: maybeText,
    goodwillAmount: maybeInt,
    callbackDueAt: maybeInt,
    /** 0 none yet, 1 only attempts without reaching anybody, 2 answered. */
    callbackStage: int,
    /** JSON: `[epoch ms, outcome, score or null]` each. */
    callbacks: maybeText,
    /** Of the callbacks that count: how many have a score, and their sum. */
    scores: int,
    scoreSum: int,
    /** Of the responsible dealer's running term; `null` where there is none or it is done. */
    responsibleSince: maybeInt,
    responsibleResponseDueAt: maybeInt,
    responsibleCloseDueAt: maybeInt,
    /** Of a B ticket whose medium was not answered yet. */
    mediaFeedbackDueAt: maybeInt,
    /** Dues up to then become no facts: the ticket was imported then. 0: it was registered live. */
    duesFrom: int,
    /** One bit a warning code that is unresolved now, see `warningBit`. */
    openWarnings: int,
    /** JSON: `RowWarning` each. */
    warnings: maybeText,
  },
} as const satisfies Table

export type TicketRow = RowOf<typeof ticketTable>

/** The lists find their tickets in memory, see `ticketIndex.ts`: an index here would cost at every write. */
export const ticketIndexes = {
  callbacksByDue: `CREATE INDEX callbacksByDue ON tickets (callbackStage, callbackDueAt) WHERE state = 'completed'`,
  ticketsByRegistration: 'CREATE INDEX ticketsByRegistration ON tickets (registeredAt)',
  ticketsByAssignee: 'CREATE INDEX ticketsByAssignee ON tickets (assignee) WHERE assignee IS NOT NULL',
}
