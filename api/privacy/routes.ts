/** Customers as data subjects: found, and erased (rulebook §17). Only numbers and codes are answered here. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { subjectAggregate } from '../../domain/subject.ts'
import { filledText } from '../commands/fields.ts'
import { erasing, erasureOf } from '../commands/subjects/erase.ts'
import { kept } from '../commands/subjects/kept.ts'
import { writeAggregate } from '../http/aggregateWrites.ts'
import type { Routes } from '../http/deps.ts'
import { hashesOf, personKeys } from '../tickets/candidates.ts'
import { presentSubject, requireSubject, subjectAnswer, subjectParams } from './subjects.ts'

const erasureAnswer = z
  .object({
    subjectId: z.string(),
    reason: z.string(),
    erasedAt: z.iso.datetime(),
    erasedBy: z.string(),
  })
  .meta({ id: 'Erasure' })

export const privacyRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.post(
    '/v1/privacy/subjects/search',
    {
      config: { action: 'keep_personal_data', refusals: [], example: { body: { phone: '13800000000' } } },
      schema: {
        tags: ['personal data'],
        summary: 'Find customers by phone, VIN or customer number',
        description:
          'Everybody whom one of them finds, in tickets, inquiries or logged calls: two customers may share a VIN. Erased customers are not found.',
        body: z.strictObject(personKeys),
        response: { 200: z.object({ items: z.array(subjectAnswer) }).meta({ id: 'Subjects' }) },
      },
    },
    async (request) => {
      const found = hashesOf(deps, request.body).flatMap((hash) =>
        kept.flatMap(({ subjectsOf }) => subjectsOf(deps.views, hash)),
      )
      return { items: [...new Set(found)].map((subjectId) => presentSubject(deps, subjectId)) }
    },
  )

  app.post(
    '/v1/privacy/subjects/:subjectId/erase',
    {
      config: {
        action: 'keep_personal_data',
        refusals: [
          'subject_not_found',
          'subject_has_open_ticket',
          'subject_has_open_inquiry',
          'ticket_not_found',
        ],
      },
      schema: {
        tags: ['personal data'],
        summary: 'Erase a customer for good',
        description:
          'Names, contact data and free text of the customer become unreadable everywhere at once; numbers, clocks, rates and assessments stay. Refused while a ticket or an inquiry of the customer is open. The reason is kept: it must name nobody. Erasing again changes nothing.',
        params: subjectParams,
        body: z
          .strictObject({ reason: filledText(500) })
          .meta({ id: 'ErasureRequest', examples: [{ reason: '客户要求删除。' }] }),
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
