/** The cars that dealers handed over in a quarter. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { dealerAggregate, dealerEventData } from '../../domain/dealer.ts'
import { quarterSchema } from '../../domain/instant.ts'
import { Refusal } from '../../domain/refusal.ts'
import { seesDealer } from '../../domain/scope.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import { writeAggregate } from '../http/aggregateWrites.ts'
import type { Routes } from '../http/deps.ts'
import { sendETag } from '../http/etag.ts'

const deliveriesAnswer = z
  .strictObject({ dealer: z.string(), quarter: z.string(), count: z.int(), version: z.int() })
  .meta({ id: 'Deliveries' })

const deliveriesParams = z.strictObject({ code: unitCodeSchema, quarter: quarterSchema })
const deliveriesBody = z
  .strictObject({ count: dealerEventData.DeliveriesSet.shape.count })
  .meta({ id: 'DeliveriesBody' })

const tags = ['master data']

export const deliveriesRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.put(
    '/v1/dealers/:code/deliveries/:quarter',
    {
      config: {
        action: 'keep_master_data',
        refusals: ['dealer_not_found'],
        example: { body: { count: 320 } },
      },
      schema: {
        tags,
        summary: 'Enter the cars a dealer handed over in a quarter',
        params: deliveriesParams,
        body: deliveriesBody,
        response: { 200: deliveriesAnswer, 201: deliveriesAnswer },
      },
    },
    async (request, reply) => {
      const { code: dealer, quarter } = request.params
      const { count } = request.body
      const { state, version } = await writeAggregate(deps, request, reply, {
        aggregate: dealerAggregate,
        id: dealer,
        exists: (known) => known?.deliveries.has(quarter) ?? false,
        command: () => ({ type: 'SetDeliveries' as const, dealer, quarter, count }),
      })
      return { dealer, quarter, count: state.deliveries.get(quarter)!, version }
    },
  )

  app.get(
    '/v1/dealers/:code/deliveries/:quarter',
    {
      config: { action: 'read', refusals: ['dealer_not_found'] },
      schema: {
        tags,
        summary: 'The cars a dealer handed over in a quarter: to the dealer, its RBO and headquarters',
        params: deliveriesParams,
        response: { 200: deliveriesAnswer.extend({ count: z.int().nullable() }) },
      },
    },
    async ({ caller, params: { code, quarter } }, reply) => {
      const dealer = deps.views.master.dealer(code)
      if (dealer === null || !seesDealer(caller, { dealer: code, rbo: dealer.rbo }))
        throw new Refusal('dealer_not_found', { code })
      sendETag(reply, dealer.version)
      const { version } = dealer
      return {
        dealer: code,
        quarter,
        count: deps.views.master.deliveries(code, quarter)?.count ?? null,
        version,
      }
    },
  )
}
