/** Lists of care tasks and of what the CSC judges; a handover; what is known of a vehicle (rulebook §15). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { careStatusSchema, triageStatusSchema } from '../../domain/care/codes.ts'
import { plateKey } from '../../domain/care/plate.ts'
import { careKindSchema } from '../../domain/care/policy.ts'
import { vinKey } from '../../domain/customerKeys.ts'
import { mayAt, scopesFor } from '../../domain/scope.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import { ticketNosOfVehicle } from '../commands/care/vehicleTickets.ts'
import { instantInQuery, saying, storableOnly } from '../commands/fields.ts'
import { listFiles } from '../files/negotiation.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { sendETag } from '../http/etag.ts'
import { keyset, sendPage } from '../http/lists.ts'
import { commaList, pageQuery } from '../http/schemas.ts'
import { readersFor } from '../tickets/requestContext.ts'
import { careLabels } from './labels.ts'
import {
  placeOfCare,
  presentHandover,
  presentHandoverRow,
  presentTaskRow,
  presentTriageRow,
  presentVisit,
} from './present.ts'
import { seenHandover } from './requestContext.ts'
import {
  careTaskPageAnswer,
  careTaskRowAnswer,
  handoverAnswer,
  triagePageAnswer,
  triageRowAnswer,
  vehicleSearchAnswer,
} from './responseSchemas.ts'
import { handoverParams } from './writes.ts'

const tags = ['care']

const units = { dealer: commaList(unitCodeSchema).optional(), rbo: commaList(unitCodeSchema).optional() }

const tasksQuery = z.strictObject({
  kind: commaList(careKindSchema).optional(),
  status: commaList(careStatusSchema)
    .optional()
    .describe('Left out: any; what has not opened is not listed.'),
  ...units,
  from: instantInQuery.optional().describe('Of the due.'),
  to: instantInQuery.optional(),
  ...pageQuery,
})

const triageQuery = z.strictObject({
  status: commaList(triageStatusSchema).optional().describe('Left out: open.'),
  ...units,
  ...pageQuery,
})

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

export const careReadRoutes: Routes = (deps) => async (plugin) => {
  const app = plugin.withTypeProvider<ZodTypeProvider>()

  app.get(
    '/v1/care/tasks',
    {
      config: { desk: 'care', action: 'read', files: listFiles(careTaskRowAnswer, careLabels), refusals: [] },
      schema: {
        tags,
        summary: 'List care tasks, by due',
        querystring: tasksQuery,
        response: { 200: careTaskPageAnswer },
      },
    },
    (request, reply) => {
      const { limit, cursor, ...filters } = request.query
      const now = deps.now()
      const readerAt = readersFor(deps, request)
      const scope = scopesFor(request.caller, 'read')
      return sendPage(
        deps,
        { request, reply },
        { list: 'careTasks', filters, asked: { limit, cursor } },
        {
          form: keyset,
          find: (page) => deps.views.care.tasks({ filters, scope, now, ...page }),
          present: (row) => presentTaskRow(row, readerAt(placeOfCare(row), row.handoverId), now),
        },
      )
    },
  )

  app.get(
    '/v1/care/triage',
    {
      config: { desk: 'care', action: 'read', files: listFiles(triageRowAnswer, careLabels), refusals: [] },
      schema: {
        tags,
        summary: 'Dissatisfied customers that the CSC judges, by due',
        querystring: triageQuery,
        response: { 200: triagePageAnswer },
      },
    },
    (request, reply) => {
      const { limit, cursor, status = ['open' as const], ...rest } = request.query
      const filters = { status, ...rest }
      const now = deps.now()
      const readerAt = readersFor(deps, request)
      const scope = scopesFor(request.caller, 'read')
      return sendPage(
        deps,
        { request, reply },
        { list: 'careTriage', filters, asked: { limit, cursor } },
        {
          form: keyset,
          find: (page) => deps.views.care.triage({ filters, scope, now, ...page }),
          present: (row) => presentTriageRow(row, readerAt(placeOfCare(row), row.handoverId), now),
        },
      )
    },
  )

  app.get(
    '/v1/handovers/:handoverId',
    {
      config: { desk: 'care', action: 'read', refusals: ['handover_not_found'] },
      schema: {
        tags,
        summary: 'One handover and its plan',
        params: handoverParams,
        response: { 200: handoverAnswer },
      },
    },
    async (request, reply) => {
      const found = await seenHandover(deps, request, request.params.handoverId)
      const reader = readersFor(deps, request)(placeOfCare(found.plan), found.plan.handoverId)
      sendETag(reply, found.version)
      return presentHandover(found, reader, deps.now())
    },
  )

  app.post(
    '/v1/vehicles/search',
    {
      config: {
        desk: 'care',
        action: 'search_by_person',
        refusals: [],
        example: { body: { vin: 'LSVAA4187E2000001' } },
      },
      schema: {
        tags,
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
