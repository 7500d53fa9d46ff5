/** Recording a handover and a visit (rulebook §15). */
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { actingRole } from '../../domain/authority.ts'
import type { CareVehicle } from '../../domain/care/state.ts'
import { Refusal } from '../../domain/refusal.ts'
import { mayAt } from '../../domain/scope.ts'
import { handoverBody, visitBody } from '../commands/care/bodies.ts'
import { recordHandover, recordVisit } from '../commands/care/care.ts'
import type { CommandRow } from '../commands/deps.ts'
import type { Routes } from '../http/deps.ts'
import { writeOnce } from '../http/idempotency.ts'
import { sendWritten } from '../http/written.ts'
import { actOf, readersFor } from '../tickets/requestContext.ts'
import { placeOfCare, presentHandover, presentVisit } from './present.ts'
import { type CareResult, toldAgain, toldOf, vehicleNow } from './requestContext.ts'
import { handoverAnswer, visitAnswer } from './responseSchemas.ts'

const tags = ['care']

const handoverMade = ({ vehicle, made }: CareResult) => {
  const { handoverId } = made.data as { handoverId: string }
  return vehicle.plans.find((plan) => plan.handoverId === handoverId) as CareVehicle['plans'][number]
}

/** Whoever recorded it may have it answered again, as long as it sees the dealer. @throws Refusal */
const requireMayRecord = (request: FastifyRequest, unit: { dealer: string; rbo: string }): void => {
  actingRole(request.caller, 'record_handover')
  if (!mayAt(request.caller, 'record_handover', placeOfCare(unit)))
    throw new Refusal('not_this_dealer', { code: unit.dealer })
}

export const careRecordRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.post(
    '/v1/handovers',
    {
      config: {
        desk: 'care',
        action: 'record_handover',
        refusals: [
          'unknown_dealer',
          'future_instant',
          'not_this_dealer',
          'handover_external_no_taken',
          'too_many_care_acts',
        ],
        example: {
          body: {
            dealerCode: 'D001',
            handedOverAt: '2026-03-01T10:00:00+08:00',
            vin: 'LSVAA4187E2000001',
            customer: { name: '王先生', phone: '13800000000' },
          },
        },
      },
      schema: {
        tags,
        summary: 'Record a handover; it starts the plan of care calls',
        body: handoverBody,
        response: { 201: handoverAnswer },
      },
    },
    async (request, reply) => {
      const again = ([row]: readonly CommandRow[]) => toldAgain(deps, row as CommandRow)
      const { answer, replayed } = await writeOnce<CareResult>(deps, request, {
        fresh: async (write) => toldOf(await recordHandover(deps, request.body, actOf(deps, request, write))),
        permit: async (rows) => requireMayRecord(request, handoverMade(await again(rows))),
        again,
        subjectOf: async (rows) => handoverMade(await again(rows)).subjectId,
      })
      const { handoverId } = handoverMade(answer)
      const vehicle = vehicleNow(deps, answer.vehicle)
      const plan = handoverMade({ ...answer, vehicle })
      const reader = readersFor(deps, request)(placeOfCare(plan), handoverId)
      sendWritten(reply, { version: answer.version, position: answer.position, replayed })
      return reply
        .code(201)
        .header('location', `/v1/handovers/${handoverId}`)
        .send(presentHandover({ ...answer, vehicle, plan }, reader, deps.now()))
    },
  )

  app.post(
    '/v1/visits',
    {
      config: {
        desk: 'care',
        action: 'record_handover',
        refusals: ['unknown_dealer', 'future_instant', 'not_this_dealer', 'too_many_care_acts'],
        example: {
          body: {
            vin: 'LSVAA4187E2000001',
            dealerCode: 'D001',
            visitedAt: '2026-03-01T10:00:00+08:00',
            kind: 'service',
          },
        },
      },
      schema: {
        tags,
        summary: 'Record a visit of a vehicle to a dealer',
        description:
          'One before the handover, or of a vehicle that is not known, is kept and changes nothing.',
        body: visitBody,
        response: { 201: visitAnswer },
      },
    },
    async (request, reply) => {
      const again = ([row]: readonly CommandRow[]) => toldAgain(deps, row as CommandRow)
      const visitOf = ({ vehicle, made }: CareResult) =>
        vehicle.visits.findLast(
          ({ visitedAt, dealer }) =>
            visitedAt === (made.data as { visitedAt: string }).visitedAt &&
            dealer === (made.data as { dealer: string }).dealer,
        ) as CareVehicle['visits'][number]
      const { answer, replayed } = await writeOnce<CareResult>(deps, request, {
        fresh: async (write) => toldOf(await recordVisit(deps, request.body, actOf(deps, request, write))),
        permit: async (rows) => requireMayRecord(request, visitOf(await again(rows))),
        again,
      })
      sendWritten(reply, { version: answer.version, position: answer.position, replayed })
      return reply.code(201).send(presentVisit(answer.vehicleId, visitOf(answer)))
    },
  )
}
