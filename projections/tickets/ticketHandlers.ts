/** What each event makes of a ticket's row; the same as `evolve`, on columns. */
import { epochOrNull, never, toEpoch } from '../../domain/instant.ts'
import { isProvisional } from '../../domain/ticket/clocks.ts'
import type { Clocks, DataOf } from '../../domain/ticket/events.ts'
import { stateByActs } from '../../domain/ticket/state.ts'
import { warningBit } from '../closedLists.ts'
import type { TicketFact, TicketHandlers } from '../ticketEvents.ts'
import type { RowWarning, TicketRow } from './ticketRow.ts'

const takeClocks = (row: TicketRow, clocks: Clocks): void => {
  row.responseDueAt = toEpoch(clocks.responseDueAt)
  row.closeDueAt = epochOrNull(clocks.closeDueAt)
  row.provisional = (isProvisional(clocks, 'response') ? 1 : 0) | (isProvisional(clocks, 'close') ? 2 : 0)
}

const changeWarnings = (row: TicketRow, change: (warnings: RowWarning[]) => void): void => {
  const warnings = row.warnings === null ? [] : (JSON.parse(row.warnings) as RowWarning[])
  change(warnings)
  row.warnings = JSON.stringify(warnings)
  row.openWarnings = warnings
    .filter((each) => each.resolvedAt === null)
    .reduce((bits, each) => bits | warningBit(each.code), 0)
}

const changeWarning = (row: TicketRow, id: string, change: (warning: RowWarning) => void): void =>
  changeWarnings(row, (warnings) => {
    for (const each of warnings) if (each.warningId === id) change(each)
  })

type RowCallback = [at: number, outcome: DataOf<'CallbackRecorded'>['outcome'], score: number | null]

const putCallbacks = (row: TicketRow, callbacks: readonly RowCallback[]): void => {
  const scores = callbacks.flatMap(([, , score]) => score ?? [])
  row.callbacks = callbacks.length === 0 ? null : JSON.stringify(callbacks)
  row.scores = scores.length
  row.scoreSum = scores.reduce((sum, score) => sum + score, 0)
}

const stageOf = (outcome: DataOf<'CallbackRecorded'>['outcome']): number =>
  outcome === 'unreachable' ? 1 : 2

export const ticketHandlers: TicketHandlers<'tickets', TicketRow> = {
  TicketDispatched: (row, data, { at }) => {
    row.state = 'unhandled'
    row.tier = data.tier
    row.unit = data.unit
    row.dealer = data.dealer
    row.rbo = data.rbo
    row.assignee = null
    row.dispatchedAt = at
    row.respondedAt = null
    takeClocks(row, data.clocks)
    // the medium is answered by the deadline of the B ticket (rulebook §11)
    if (row.level === 'B') row.mediaFeedbackDueAt = row.closeDueAt
  },
  TicketReclassified: (row, data) => {
    row.category = data.category
    row.level = data.level
    row.source = data.source ?? row.source
  },
  ResponseRecorded: (row, data, { at }) => {
    if (data.countsFor === 'responsible_dealer') row.responsibleResponseDueAt = null
    if (data.countsFor !== 'holder') return
    row.state = 'in_progress'
    row.respondedAt = at
  },
  WorkRecorded: (row, data, { at }) => {
    if (data.kind === 'consumer_informed') row.consumerInformedAt ??= at
    if (data.kind === 'media_feedback') row.mediaFeedbackDueAt = null
  },
  ContactLogged: (row, data) => {
    if (data.channel === 'phone') row.calls += 1
  },
  TicketClosed: (row, data, { at }) => {
    row.state = 'completed'
    row.closedAt = at
    row.repeatWindowEndsAt = toEpoch(data.repeatWindowEndsAt)
    row.callbackDueAt = toEpoch(data.callbackDueAt)
    row.rootCauseCode = data.rootCauseCode
    row.decision = data.decision ?? null
    row.goodwillKind = data.goodwill?.kind ?? null
    row.goodwillAmount = data.goodwill?.amount ?? null
    row.responsibleCloseDueAt = null
  },
  CallbackRecorded: (row, data, { at }) => {
    const callbacks = row.callbacks === null ? [] : (JSON.parse(row.callbacks) as RowCallback[])
    putCallbacks(row, [...callbacks, [at, data.outcome, data.score ?? null]])
    row.callbackStage = Math.max(row.callbackStage, stageOf(data.outcome))
  },
  CallbackWithdrawn: (row, data) => {
    const callbacks = row.callbacks === null ? [] : (JSON.parse(row.callbacks) as RowCallback[])
    const withdrawn = callbacks.findLastIndex(([at]) => at === toEpoch(data.at))
    const left = callbacks.filter((_, index) => index !== withdrawn)
    putCallbacks(row, left)
    row.callbackStage = Math.max(0, ...left.map(([, outcome]) => stageOf(outcome)))
  },
  RepeatLinked: (row, data, { at }) => {
    row.escalatedTo = data.repeat
    row.repeatLinkedAt = at
  },
  RepeatUnlinked: (row) => {
    row.escalatedTo = null
    row.repeatLinkedAt = null
  },
  BecameRepeat: (row, data) => {
    row.escalatedFrom = data.of
    row.ordinal = data.ordinal
    row.relatedTo = null
  },
  CeasedToBeRepeat: (row, data) => {
    row.escalatedFrom = null
    row.relatedTo = data.of
  },
  TicketRescinded: (row) => {
    row.state = 'rescinded'
  },
  MarkedDuplicate: (row, data) => {
    row.state = 'duplicate'
    row.duplicateOf = data.of
  },
  DuplicateAbsorbed: (row, data) => {
    row.calls += data.calls
  },
  DuplicateUndone: (row) => {
    row.state = stateByActs(row.closedAt, row.respondedAt)
    row.duplicateOf = null
  },
  DuplicateReleased: (row, data) => {
    row.calls -= data.calls
  },
  ResponsibleDealerNamed: (row, data, { at }) => {
    row.rbo ??= data.rbo
    row.responsibleDealer = data.dealer
    row.responsibleSince = at
    row.responsibleResponseDueAt = toEpoch(data.clocks.responseDueAt)
    row.responsibleCloseDueAt = epochOrNull(data.clocks.closeDueAt)
  },
  ConvertedToC: (row, _data, { at }) => {
    row.level = 'C'
    row.category = 'C4'
    row.convertedAt = at
    row.closeDueAt = null
    row.provisional &= 1
  },
  WarningRaised: (row, data, { at }) =>
    changeWarnings(row, (warnings) => {
      const { warningId, code, sentTo } = data
      warnings.push({
        warningId,
        code,
        tier: sentTo.tier,
        unit: sentTo.unit,
        raisedAt: at,
        acknowledgedAt: null,
        resolvedAt: null,
      })
    }),
  WarningAcknowledged: (row, data, { at }) =>
    changeWarning(row, data.warningId, (warning) => {
      warning.acknowledgedAt ??= at
    }),
  WarningResolved: (row, data, { at }) =>
    changeWarning(row, data.warningId, (warning) => {
      warning.acknowledgedAt ??= at
      warning.resolvedAt = at
    }),
  WeightChanged: (row, { severity, safety, remedy }) => {
    if (severity !== undefined) row.severity = severity
    if (safety !== undefined) row.safety = safety ? 1 : 0
    if (remedy !== undefined) row.remedy = remedy
  },
  TicketClaimed: (row, { assignee }) => {
    row.assignee = assignee
  },
  TicketReleased: (row) => {
    row.assignee = null
  },
  DeadlinesRecalculated: (row, data) => {
    takeClocks(row, data.holder)
    if (row.mediaFeedbackDueAt !== null && row.level === 'B') row.mediaFeedbackDueAt = row.closeDueAt
    const { consumerNotice, responsibleDealer: clocks } = data
    if (consumerNotice !== undefined) {
      row.consumerNoticeDueAt = toEpoch(consumerNotice.dueAt)
      row.consumerNoticeProvisional = consumerNotice.provisional ? 1 : 0
    }
    if (clocks === null) return
    if (row.responsibleResponseDueAt !== null) row.responsibleResponseDueAt = toEpoch(clocks.responseDueAt)
    if (row.responsibleCloseDueAt !== null) row.responsibleCloseDueAt = epochOrNull(clocks.closeDueAt)
  },
}

/** What every event changes in a row, whichever it is. */
export const afterEvent = (row: TicketRow, { at, event }: TicketFact): void => {
  row.version += 1
  row.lastAt = at
  const { importedAt } = event.metadata
  if (importedAt !== undefined) row.duesFrom = Math.max(row.duesFrom, toEpoch(importedAt))
  const due =
    row.state === 'unhandled' ? row.responseDueAt : row.state === 'in_progress' ? row.closeDueAt : null
  row.sortDue = due ?? never
}
