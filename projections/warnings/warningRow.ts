import { int, type RowOf, type Table, text } from '../rows.ts'

export const warningTable = {
  name: 'warnings',
  key: 'warningId',
  columns: {
    id: 'INTEGER PRIMARY KEY',
    warningId: `${text} UNIQUE`,
    code: text,
    ticketNo: text,
    status: text,
    fromTier: text,
    fromUnit: text,
    tier: text,
    unit: text,
    raisedAt: int,
    raisedBy: text,
    reason: 'TEXT',
    content: 'TEXT',
    ackDueAt: int,
    provisional: int,
    acknowledgedAt: 'INTEGER',
    acknowledgedBy: 'TEXT',
    resolvedAt: 'INTEGER',
    resolvedBy: 'TEXT',
    result: 'TEXT',
  },
} as const satisfies Table

/** A warning; instants are epoch ms, `reason`, `content` and `result` sealed texts. */
export type WarningRow = RowOf<typeof warningTable>
