/** Erasing a customer, a data subject (rulebook §17). What stays is that it was done, when, by whom and why. */
import { z } from 'zod'
import { type Aggregate, authoriseBy } from './aggregate.ts'
import type { Instant } from './instant.ts'
import { Refusal } from './refusal.ts'
import type { SubjectId } from './subjectKeys.ts'

/** The events of the streams `erasure-<subjectId>`. The reason outlives the customer's data, so it must name nobody. */
export const subjectEventData = {
  SubjectErased: z.strictObject({ subjectId: z.string(), reason: z.string() }),
}

type Data = typeof subjectEventData
export type SubjectEvent = { [T in keyof Data]: { type: T; data: z.infer<Data[T]> } }[keyof Data]

/** Set once the subject is erased. */
export type Erasure = { subjectId: SubjectId; reason: string; erasedAt: Instant; erasedBy: string }

/** A record of the subject that somebody still works on, and the refusal that says so. */
export type OpenRecord =
  | { code: 'subject_has_open_ticket'; params: { ticketNo: string } }
  | { code: 'subject_has_open_inquiry'; params: { inquiryNo: string } }

/** `open`: what keeps the subject from being erased; `null`: nothing of it is open. */
export type EraseSubject = {
  type: 'EraseSubject'
  subjectId: SubjectId
  reason: string
  open: OpenRecord | null
}

/** Folds one event into the erasure; never throws. */
export const evolveErasure = (
  state: Erasure | null,
  { data }: SubjectEvent,
  { recordedAt, actor }: { recordedAt: Instant; actor: { id: string } },
): Erasure => state ?? { ...data, erasedAt: recordedAt, erasedBy: actor.id }

/**
 * Erases a subject; `[]` where it is erased already, whatever the reason given now.
 * @throws Refusal `subject_has_open_ticket`, `subject_has_open_inquiry`
 */
export const decideErasure = (state: Erasure | null, command: EraseSubject): SubjectEvent[] => {
  if (state !== null) return []
  const { subjectId, reason, open } = command
  if (open !== null) throw new Refusal(open.code, open.params)
  return [{ type: 'SubjectErased', data: { subjectId, reason } }]
}

export const subjectAggregate: Aggregate<Erasure, EraseSubject, SubjectEvent> = {
  stream: (subjectId) => `erasure-${subjectId}`,
  evolve: evolveErasure,
  decide: decideErasure,
  authorise: authoriseBy({ EraseSubject: 'keep_personal_data' }),
}
