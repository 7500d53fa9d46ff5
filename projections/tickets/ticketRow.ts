/** The row of a ticket: everything lists show and filter by, but no text. */
import type { Table } from '../rows.ts'

export type TicketRow = {
  id: number
  ticketNo: string
  version: number
  lastAt: number
  state: string
  level: string
  category: string
  ordinal: number
  channel: string
  source: string | null
  receivedAt: number
  registeredAt: number
  dispatchedAt: number
  respondedAt: number | null
  closedAt: number | null
  convertedAt: number | null
  consumerInformedAt: number | null
  consumerNoticeDueAt: number
  responseDueAt: number
  closeDueAt: number | null
  /** `dueAt` of the REST contract, `never` for none, so that it sorts last. */
  sortDue: number
  provisional: number
  tier: string
  unit: string
  dealer: string | null
  rbo: string | null
  responsibleDealer: string | null
  calls: number
  externalNo: string | null
  escalatedFrom: string | null
  escalatedTo: string | null
  relatedTo: string | null
  duplicateOf: string | null
  repeatWindowEndsAt: number | null
  repeatLinkedAt: number | null
  rootCauseCode: string | null
  callbackDueAt: number | null
  /** 0 none yet, 1 only attempts without reaching anybody, 2 answered. */
  callbackStage: number
  /** JSON: `[epoch ms, outcome]` each. */
  callbacks: string | null
  /** One bit a warning code that is unresolved now, see `warningBit`. */
  openWarnings: number
  /** JSON: `RowWarning` each. */
  warnings: string | null
}

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

const int = 'INTEGER NOT NULL'
const text = 'TEXT NOT NULL'
const maybeInt = 'INTEGER'
const maybeText = 'TEXT'

export const ticketTable: Table<TicketRow> = {
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
    receivedAt: int,
    registeredAt: int,
    dispatchedAt: int,
    respondedAt: maybeInt,
    closedAt: maybeInt,
    convertedAt: maybeInt,
    consumerInformedAt: maybeInt,
    consumerNoticeDueAt: int,
    responseDueAt: int,
    closeDueAt: maybeInt,
    sortDue: int,
    provisional: int,
    tier: text,
    unit: text,
    dealer: maybeText,
    rbo: maybeText,
    responsibleDealer: maybeText,
    calls: int,
    externalNo: maybeText,
    escalatedFrom: maybeText,
    escalatedTo: maybeText,
    relatedTo: maybeText,
    duplicateOf: maybeText,
    repeatWindowEndsAt: maybeInt,
    repeatLinkedAt: maybeInt,
    rootCauseCode: maybeText,
    callbackDueAt: maybeInt,
    callbackStage: int,
    callbacks: maybeText,
    openWarnings: int,
    warnings: maybeText,
  },
}

/** The lists find their tickets in memory, see `ticketIndex.ts`: an index here would cost at every write. */
export const ticketIndexes = {
  callbacksByDue: `CREATE INDEX callbacksByDue ON tickets (callbackStage, callbackDueAt) WHERE state = 'completed'`,
}

const codes = ['W1', 'W2', 'W3', 'W4', 'W5', 'W6']

/** The bit of `openWarnings` a warning code has. */
export const warningBit = (code: string): number => 1 << codes.indexOf(code)
