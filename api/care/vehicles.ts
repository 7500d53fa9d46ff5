/** What is known of a vehicle, searched by VIN or number plate (rulebook §15). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { plateKey } from '../../domain/care/plate.ts'
import { vinKey } from '../../domain/customerKeys.ts'
import { mayAt } from '../../domain/scope.ts'
import { ticketNosOfVehicle } from '../commands/care/vehicleTickets.ts'
import { saying, storableOnly } from '../commands/fields.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { readersFor } from '../tickets/requestContext.ts'
import { placeOfCare, presentHandoverRow, presentTaskRow, presentVisit } from './present.ts'
import { vehicleSearchAnswer } from './responseSchemas.ts'

const searchBody = z
  .strictObject({
    vin: storableOnly(z.string().min(1).max(40)).nullable().default(null),
    plateNo: storableOnly(z.string().min(1).max(20)).nullable().default(null),
  })
  .refine(
    ({ vin, plateNo }) => (vin === null) !== (plateNo === null),
    saying('needs either vin or plateNo.', '必须提供 vin 或 plateNo 之一。'),
  )
  .meta({ id: 'VehicleSearchBody' })

/** The vehicles that the caller may find by what was asked, and see. */
const vehiclesFor = (deps: Deps, body: z.infer<typeof searchBody>) => {
  const { sealing, views } = deps
  const key = body.vin === null ? plateKey(body.plateNo) : vinKey(body.vin)
  return key === null ? [] : views.care.vehiclesOf(sealing.lookupHash('vin', key))
}

export const careVehicleRoutes: Routes = (deps) => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().post(
    '/v1/vehicles/search',
    {
      config: {
        desk: 'care',
        action: 'search_by_person',
        refusals: [],
        example: { body: { vin: 'LSVAA4187E2000001' } },
      },
      schema: {
        tags: ['care'],
        summary: 'What is known of a vehicle: handovers, visits, tasks, tickets',
        description:
          'By VIN or number plate, each as it is compared. Handovers of erased customers are not found.',
        body: searchBody,
        response: { 200: vehicleSearchAnswer },
      },
    },
    async (request) => {
      const now = deps.now()
      const readerAt = readersFor(deps, request)
      const sees = (unit: { dealer: string; rbo: string }) =>
        mayAt(request.caller, 'search_by_person', placeOfCare(unit))
      const seesTicket = (ticketNo: string): boolean => {
        const ticket = deps.views.tickets.byNo(ticketNo)
        return ticket !== null && mayAt(request.caller, 'read', ticket)
      }
      const items = vehiclesFor(deps, request.body).flatMap((vehicleId) => {
        const found = deps.views.care.vehicle(vehicleId)
        if (found === null) return []
        const handovers = found.handovers.filter((each) => each.erasedAt === null && sees(each))
        const visits = found.visits.filter(sees)
        if (handovers.length + visits.length === 0) return []
        const known = new Set(
          found.handovers.flatMap(({ erasedAt, handoverId }) => (erasedAt === null ? [handoverId] : [])),
        )
        return [
          {
            vehicleId,
            handovers: handovers.map((each) =>
              presentHandoverRow(each, readerAt(placeOfCare(each), each.handoverId), found.version),
            ),
            visits: visits.map((visit) => presentVisit(vehicleId, visit)),
            tasks: found.tasks
              .filter(
                (task) =>
                  known.has(task.handoverId) && sees(task) && (task.end !== null || task.opensAt <= now),
              )
              .map((task) => presentTaskRow(task, readerAt(placeOfCare(task), task.handoverId), now)),
            ticketNos: ticketNosOfVehicle(deps, found.handovers, request.body.vin).filter(seesTicket),
          },
        ]
      })
      return { items }
    },
  )
}
