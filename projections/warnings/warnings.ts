/** Every early warning (rulebook §7), for the desks they are sent to. */
import { toEpoch } from '../../domain/instant.ts'
import type { DataOf } from '../../domain/ticket/events.ts'
import { foldTickets } from '../foldTickets.ts'
import type { Projection } from '../projection.ts'
import { createNumbering, createRows, createTableSql } from '../rows.ts'
import { createStatements } from '../statements.ts'
import type { TicketFact } from '../ticketEvents.ts'
import { type WarningQueries, warningQueries } from './warningQueries.ts'
import { type WarningRow, warningTable } from './warningRow.ts'

const recalculate = (
  all: { get(key: string): WarningRow | undefined },
  { warnings: changed = [] }: DataOf<'DeadlinesRecalculated'>,
): void => {
  for (const { warningId, dueAt, provisional } of changed) {
    const row = all.get(warningId)
    if (row === undefined) continue
    row.ackDueAt = toEpoch(dueAt)
    row.provisional = provisional ? 1 : 0
  }
}

/** What a command logged or registered; the warnings it raises come after it in the same append. */
type Cause = { commandId: string; text: string }

const acknowledge = (row: WarningRow | undefined, { at, actor }: TicketFact): void => {
  if (row === undefined || row.acknowledgedAt !== null) return
  row.status = 'acknowledged'
  row.acknowledgedAt = at
  row.acknowledgedBy = actor
}

const resolve = (row: WarningRow | undefined, data: DataOf<'WarningResolved'>, fact: TicketFact): void => {
  if (row === undefined) return
  acknowledge(row, fact)
  row.status = 'resolved'
  row.resolvedAt = fact.at
  row.resolvedBy = fact.actor
  row.result = data.text
}

export const warnings: Projection<WarningQueries> = {
  name: 'warnings',
  version: 3,
  readByCommands: false,
  types: [
    'TicketRegistered',
    'ContactLogged',
    'WarningRaised',
    'WarningAcknowledged',
    'WarningResolved',
    'DeadlinesRecalculated',
  ],
  tables: {
    warnings: createTableSql(warningTable),
    // One row: a batch may end between a contact and the warning it raises.
    warningCause:
      'CREATE TABLE warningCause (id INTEGER PRIMARY KEY, commandId TEXT NOT NULL, text TEXT NOT NULL) STRICT',
  },
  indexes: {
    warningsByDue: 'CREATE INDEX warningsByDue ON warnings (ackDueAt)',
    unresolvedByDue: `CREATE INDEX unresolvedByDue ON warnings (ackDueAt) WHERE status <> 'resolved'`,
    warningsByRaising: 'CREATE INDEX warningsByRaising ON warnings (raisedAt)',
    warningsByTicket: 'CREATE INDEX warningsByTicket ON warnings (ticketNo)',
  },
  open: (db) => {
    const rows = createRows(db, warningTable)
    const numbering = createNumbering(db, 'warnings')
    const readCause = db.prepare<[], Cause>('SELECT commandId, text FROM warningCause')
    const writeCause = db.prepare<[string, string]>(
      'INSERT INTO warningCause VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET commandId = excluded.commandId, text = excluded.text',
    )
    /** `undefined`: not read yet. */
    let cause: Cause | null | undefined
    let causeIsNew = false

    const knownCause = (): Cause | null => {
      if (cause === undefined) cause = readCause.get() ?? null
      return cause
    }
    const setCause = (text: string, { event }: TicketFact): void => {
      cause = { commandId: event.metadata.commandId, text }
      causeIsNew = true
    }
    const raise = (data: DataOf<'WarningRaised'>, { ticketNo, at, actor, event }: TicketFact): void => {
      const known = knownCause()
      rows.add({
        id: numbering.next(),
        warningId: data.warningId,
        code: data.code,
        ticketNo,
        status: 'open',
        fromTier: data.from.tier,
        fromUnit: data.from.unit,
        tier: data.sentTo.tier,
        unit: data.sentTo.unit,
        raisedAt: at,
        raisedBy: actor,
        reason: data.text,
        content: known?.commandId === event.metadata.commandId ? known.text : null,
        ackDueAt: toEpoch(data.ackDueAt),
        provisional: data.provisional ? 1 : 0,
        acknowledgedAt: null,
        acknowledgedBy: null,
        resolvedAt: null,
        resolvedBy: null,
        result: null,
      })
    }
    const forget = (): void => {
      rows.discard()
      numbering.reset()
      cause = undefined
      causeIsNew = false
    }

    return {
      apply: foldTickets<'warnings', typeof rows>({
        register: (data, fact) => setCause(data.text, fact),
        find: () => rows,
        handlers: {
          ContactLogged: (_, data, fact) => setCause(data.text, fact),
          WarningRaised: (_, data, fact) => raise(data, fact),
          WarningAcknowledged: (all, data, fact) => acknowledge(all.get(data.warningId), fact),
          WarningResolved: (all, data, fact) => resolve(all.get(data.warningId), data, fact),
          DeadlinesRecalculated: recalculate,
        },
      }),
      flush: () => {
        rows.flush()
        if (causeIsNew && cause) writeCause.run(cause.commandId, cause.text)
        causeIsNew = false
      },
      discard: forget,
      reload: forget,
      queries: warningQueries(createStatements(db)),
    }
  },
}
