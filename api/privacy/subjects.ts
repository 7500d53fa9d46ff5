/** A customer as data subject: what is kept of it, by number (rulebook §17). No personal data is in it. */
import { z } from 'zod'
import { Refusal } from '../../domain/refusal.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import { type NamedRecord, recordsOf } from '../commands/subjects/kept.ts'
import type { Deps } from '../http/deps.ts'

export const subjectParams = z.strictObject({ subjectId: z.string().min(1).max(100) })

const ticketOfSubject = z.object({ ticketNo: z.string(), state: z.string() })

export const subjectAnswer = z
  .object({
    subjectId: z.string(),
    tickets: z.array(ticketOfSubject).meta({ description: 'Tickets of the customer.' }),
    calledOn: z
      .array(ticketOfSubject)
      .meta({ description: 'Tickets of others on which calls of the customer were logged.' }),
    inquiries: z.array(z.object({ inquiryNo: z.string(), state: z.string() })),
    others: z
      .array(z.object({ kind: z.string(), id: z.string(), state: z.string() }))
      .meta({ description: 'All else in which something of the customer is kept.' }),
  })
  .meta({ id: 'Subject' })

/** Everything in which something is kept of a subject. @throws Refusal `subject_not_found` where there is nothing */
export const requireSubject = (deps: Pick<Deps, 'views'>, subjectId: SubjectId): NamedRecord[] => {
  const records = recordsOf(deps.views, subjectId)
  if (records.length === 0) throw new Refusal('subject_not_found', { subjectId })
  return records
}

/** The records that have a list of their own in an answer. */
const listed: ReadonlySet<string> = new Set(['ticket', 'call', 'inquiry'])
export const isOther = ({ kind }: Pick<NamedRecord, 'kind'>): boolean => !listed.has(kind)

export const presentSubject = (deps: Pick<Deps, 'views'>, subjectId: SubjectId) => {
  const records = recordsOf(deps.views, subjectId)
  const ofKind = (kind: NamedRecord['kind']) => records.filter((record) => record.kind === kind)
  const numbered = ({ id, state }: NamedRecord) => ({ ticketNo: id, state })
  return {
    subjectId,
    tickets: ofKind('ticket').map(numbered),
    calledOn: ofKind('call').map(numbered),
    inquiries: ofKind('inquiry').map(({ id, state }) => ({ inquiryNo: id, state })),
    others: records.filter(isOther).map(({ kind, id, state }) => ({ kind, id, state })),
  }
}
