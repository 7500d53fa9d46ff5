import type { Table } from '../rows.ts'

/** A warning; instants are epoch ms, `reason`, `content` and `result` sealed boxes. */
export type WarningRow = {
  id: number
  warningId: string
  code: string
  ticketNo: string
  status: string
  fromTier: string
  fromUnit: string
  tier: string
  unit: string
  raisedAt: number
  raisedBy: string
  reason: string | null
  content: string | null
  ackDueAt: number
  acknowledgedAt: number | null
  acknowledgedBy: string | null
  resolvedAt: number | null
  resolvedBy: string | null
  result: string | null
}

const [int, text] = ['INTEGER NOT NULL', 'TEXT NOT NULL']

export const warningTable: Table<WarningRow> = {
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
    acknowledgedAt: 'INTEGER',
    acknowledgedBy: 'TEXT',
    resolvedAt: 'INTEGER',
    resolvedBy: 'TEXT',
    result: 'TEXT',
  },
}
