/** Which views have a handler for which event of a ticket: every event is named, so that none is forgotten. */

import type { StoredEvent } from '../domain/eventStore.ts'
import type { DataOf, TicketEventType, TicketNo } from '../domain/ticket/events.ts'

export type View = 'tickets' | 'kpi' | 'warnings'

/** Beside the registration, which all of them have. The tickets' row counts every event, with a handler or without. */
export const viewsOfEvent = {
  TicketDispatched: ['tickets', 'kpi'],
  TicketRedispatched: ['kpi'],
  TicketReclassified: ['tickets', 'kpi'],
  ResponseRecorded: ['tickets', 'kpi'],
  WorkRecorded: ['tickets'],
  ContactLogged: ['tickets', 'warnings'],
  TicketClosed: ['tickets', 'kpi'],
  CallbackRecorded: ['tickets'],
  CallbackWithdrawn: ['tickets'],
  RepeatLinked: ['tickets', 'kpi'],
  RepeatUnlinked: ['tickets', 'kpi'],
  BecameRepeat: ['tickets'],
  CeasedToBeRepeat: ['tickets'],
  TicketRescinded: ['tickets', 'kpi'],
  MarkedDuplicate: ['tickets', 'kpi'],
  DuplicateAbsorbed: ['tickets'],
  DuplicateUndone: ['tickets', 'kpi'],
  DuplicateReleased: ['tickets'],
  FollowUpClosed: [],
  ResponsibleDealerNamed: ['tickets', 'kpi'],
  ConvertedToC: ['tickets', 'kpi'],
  WarningRaised: ['tickets', 'warnings'],
  WarningAcknowledged: ['tickets', 'warnings'],
  WarningResolved: ['tickets', 'warnings'],
  WeightChanged: ['tickets'],
  /** The customers' view looks at it, too. */
  TicketCorrected: [],
  TicketClaimed: ['tickets'],
  TicketReleased: ['tickets'],
  LetterWritten: [],
  /** A view of their own looks at these two. */
  AttachmentAdded: [],
  AttachmentRemoved: [],
  /** The view of objections looks at all three, too. */
  ObjectionRaised: [],
  ObjectionWithdrawn: [],
  ObjectionDecided: ['kpi'],
  DeadlinesRecalculated: ['tickets', 'kpi', 'warnings'],
} as const satisfies Record<Exclude<TicketEventType, 'TicketRegistered'>, readonly View[]>

type ListedEventType = keyof typeof viewsOfEvent

/** What the handlers of a ticket's events get beside the data. */
export type TicketFact = { ticketNo: TicketNo; at: number; actor: string; event: StoredEvent }

/** A view's handlers: one for each event that names the view, and none for others. */
export type TicketHandlers<V extends View, State> = {
  [T in ListedEventType as V extends (typeof viewsOfEvent)[T][number] ? T : never]: (
    state: State,
    data: DataOf<T>,
    fact: TicketFact,
  ) => void
}
