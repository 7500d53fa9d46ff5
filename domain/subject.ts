/** Erasing a customer, a data subject (rulebook §17). What stays is that it was done, when, by whom and why. */
import { z } from 'zod'
import { type Aggregate, authoriseBy } from './aggregate.ts'
import type { Instant } from './instant.ts'
import { Refusal } from './refusal.ts'
import type { SubjectId } from './subjectKeys.ts'
import type { TicketNo } from './ticket/events.ts'

/** The events of the streams `erasure-<subjectId>`. The reason outlives the customer's data, so it must name nobody. */
export const subjectEventData = {
  SubjectErased: z.strictObject({ subjectId: z.string(), reason: z.string() }),
}

type Data = typeof subjectEventData
export type SubjectEvent = { [T in keyof Data]: { type: T; data: z.infer<Data[T]> } }[keyof Data]

/** Set once the subject is erased. */
export type Erasure = { subjectId: SubjectId; reason: string; erasedAt: Instant; erasedBy: string }

/** `openTicketNo`: a ticket of the subject that somebody still works on; `null`: none is open. */
export type EraseSubject = {
  type: 'EraseSubject'
  subjectId: SubjectId
  reason: string
  openTicketNo: TicketNo | null
}

/** Folds one event into the erasure; never throws. */
export const evolveErasure = (
  state: Erasure | null,
  { data }: SubjectEvent,
  { recordedAt, actor }: { recordedAt: Instant; actor: { id: string } },
): Erasure => state ?? { ...data, erasedAt: recordedAt, erasedBy: actor.id }

/**
 * Erases a subject; `[]` where it is erased already, whatever the reason given now.
 * @throws Refusal `subject_has_open_ticket`
 */
export const decideErasure = (state: Erasure | null, command: EraseSubject): SubjectEvent[] => {
  if (state !== null) return []
  const { subjectId, reason, openTicketNo } = command
  if (openTicketNo !== null) throw new Refusal('subject_has_open_ticket', { ticketNo: openTicketNo })
  return [{ type: 'SubjectErased', data: { subjectId, reason } }]
}

export const subjectAggregate: Aggregate<Erasure, EraseSubject, SubjectEvent> = {
  stream: (subjectId) => `erasure-${subjectId}`,
  evolve: evolveErasure,
  decide: decideErasure,
  authorise: authoriseBy({ EraseSubject: 'keep_personal_data' }),
}
