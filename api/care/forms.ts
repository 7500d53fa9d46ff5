/** The printable form of a handover (rulebook §15). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { followUpForm } from '../forms/followUp.ts'
import { pageAnswer, sendPage } from '../forms/routes.ts'
import type { Routes } from '../http/deps.ts'
import { readersFor } from '../tickets/requestContext.ts'
import { placeOfCare } from './present.ts'
import { handoverParams, seenHandover } from './requestContext.ts'

export const careFormRoutes: Routes = (deps) => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/handovers/:handoverId/forms/follow-up',
    {
      config: { desk: 'care', action: 'read', refusals: ['handover_not_found'] },
      schema: {
        tags: ['forms'],
        summary: 'The record of calls 成交客户回访情况记录表, filled from the handover and its calls',
        params: handoverParams,
        response: { 200: pageAnswer },
      },
    },
    async (request, reply) => {
      const { plan, vehicle } = await seenHandover(deps, request, request.params.handoverId)
      const reader = readersFor(deps, request)(placeOfCare(plan), plan.handoverId)
      const at = deps.now()
      const master = deps.views.master.at(at)
      return sendPage(reply, followUpForm({ vehicle, plan, reader, master, at }))
    },
  )
}
