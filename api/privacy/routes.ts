/** Customers as data subjects: found, and erased (rulebook §17). Only numbers and codes are answered here. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { stateSchema } from '../../domain/codes.ts'
import { Refusal } from '../../domain/refusal.ts'
import { subjectAggregate } from '../../domain/subject.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import { filledText } from '../commands/fields.ts'
import { erasing, erasureOf } from '../commands/subjects/erase.ts'
import { writeAggregate } from '../http/aggregateWrites.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { hashesOf, personKeys } from '../tickets/candidates.ts'

const ticketOfSubject = z.object({ ticketNo: z.string(), state: stateSchema })

const foundSubject = z
  .object({
    subjectId: z.string(),
    tickets: z.array(ticketOfSubject).meta({ description: 'Tickets of the customer.' }),
    calledOn: z
      .array(ticketOfSubject)
      .meta({ description: 'Tickets of others on which calls of the customer were logged.' }),
  })
  .meta({ id: 'Subject' })

const erasureAnswer = z
  .object({
    subjectId: z.string(),
    reason: z.string(),
    erasedAt: z.iso.datetime(),
    erasedBy: z.string(),
  })
  .meta({ id: 'Erasure' })

const subjectParams = z.strictObject({ subjectId: z.string().min(1).max(100) })

const ticketsNamed = (deps: Deps, ticketNos: readonly string[]) =>
  ticketNos.flatMap((ticketNo) => {
    const known = deps.views.customers.known(ticketNo)
    return known === null ? [] : [{ ticketNo, state: known.state }]
  })

/** The tickets of a subject, and those of others on which it called. */
const ticketsOfSubject = ({ views }: Pick<Deps, 'views'>, subjectId: SubjectId) => {
  const own = views.customers.ticketNosOfSubject(subjectId)
  const seen = new Set(own)
  return { own, calledOn: views.subjects.ticketsCalledOn(subjectId).filter((each) => !seen.has(each)) }
}

/** @throws Refusal `subject_not_found` where it is no customer of any ticket, and no SMS contact of a dealer */
const requireSubject = (deps: Deps, subjectId: SubjectId): void => {
  const { own, calledOn } = ticketsOfSubject(deps, subjectId)
  if (deps.views.smsContacts.dealerOf(subjectId) !== null) return
  if (own.length + calledOn.length === 0) throw new Refusal('subject_not_found', { subjectId })
}

const presentSubject = (deps: Deps, subjectId: SubjectId) => {
  const { own, calledOn } = ticketsOfSubject(deps, subjectId)
  return { subjectId, tickets: ticketsNamed(deps, own), calledOn: ticketsNamed(deps, calledOn) }
}

export const privacyRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.post(
    '/v1/privacy/subjects/search',
    {
      config: { action: 'keep_personal_data' },
      schema: {
        tags: ['personal data'],
        summary: 'Find customers by phone, VIN or customer number',
        description:
          'Everybody whom one of them finds, in registrations or in logged calls: two customers may share a VIN. Erased customers are not found.',
        body: z.strictObject(personKeys),
        response: { 200: z.object({ items: z.array(foundSubject) }).meta({ id: 'Subjects' }) },
      },
    },
    async (request) => {
      const found = hashesOf(deps, request.body).flatMap((hash) => [
        ...deps.views.customers.subjectsOf(hash),
        ...deps.views.subjects.callersOf(hash),
      ])
      return { items: [...new Set(found)].map((subjectId) => presentSubject(deps, subjectId)) }
    },
  )

  app.post(
    '/v1/privacy/subjects/:subjectId/erase',
    {
      config: { action: 'keep_personal_data' },
      schema: {
        tags: ['personal data'],
        summary: 'Erase a customer for good',
        description:
          'Names, contact data and free text of the customer become unreadable everywhere at once; numbers, clocks, rates and assessments stay. Refused while a ticket of the customer is open. The reason is kept: it must name nobody. Erasing again changes nothing.',
        params: subjectParams,
        body: z.strictObject({ reason: filledText(500) }),
        response: { 200: erasureAnswer },
      },
    },
    async (request, reply) => {
      const { subjectId } = request.params
      const { reason } = request.body
      requireSubject(deps, subjectId)
      const { state } = await writeAggregate(deps, request, reply, {
        aggregate: subjectAggregate,
        id: subjectId,
        command: () => erasureOf(deps, subjectId, reason),
        exists: () => true,
        around: (work) => erasing(deps, subjectId, work),
      })
      return state
    },
  )
}
