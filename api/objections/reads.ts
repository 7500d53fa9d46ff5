/** The list of objections (rulebook §14). */
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { objectionStatusSchema } from '../../domain/codes.ts'
import { quarterSchema } from '../../domain/instant.ts'
import { placeOfDealer, scopesFor } from '../../domain/scope.ts'
import type { Objection } from '../../domain/ticket/state.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import { listFiles } from '../files/negotiation.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { keyset, sendPage } from '../http/lists.ts'
import { commaList, pageOf, pageQuery } from '../http/schemas.ts'
import { ticketParams } from '../tickets/params.ts'
import { readersFor } from '../tickets/requestContext.ts'
import { objectionAnswer, presentObjection } from './present.ts'

/** Columns of the file. */
const labels = {
  objectionId: { zh: '申诉编号' },
  measures: { zh: '指标' },
  attachmentIds: { zh: '附件编号' },
  decisionReason: { zh: '裁定理由' },
}

/** Opens the reasons for those who see personal data there, and for those who decide. */
export const readersOfReasons = (deps: Deps, request: FastifyRequest) => {
  const readerAt = readersFor(deps, request, ['see_personal_data', 'decide_objection'])
  return (ticketNo: string, { dealer, rbo }: Pick<Objection, 'dealer' | 'rbo'>) =>
    readerAt(placeOfDealer(dealer, rbo), ticketNo)
}

export const objectionReadRoutes: Routes = (deps) => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/objections',
    {
      config: {
        action: 'read',
        views: ['objections'],
        files: listFiles(objectionAnswer, labels),
        refusals: [],
      },
      schema: {
        tags: ['objections'],
        summary: 'List objections, the newest first',
        querystring: z.strictObject({
          quarter: quarterSchema.optional(),
          status: commaList(objectionStatusSchema).optional(),
          dealer: commaList(unitCodeSchema).optional(),
          ticketNo: ticketParams.shape.ticketNo.optional(),
          ...pageQuery,
        }),
        response: { 200: pageOf(objectionAnswer) },
      },
    },
    (request, reply) => {
      const { limit, cursor, ...filters } = request.query
      const scope = scopesFor(request.caller, 'read')
      const readerOfReasons = readersOfReasons(deps, request)
      return sendPage(
        deps,
        { request, reply },
        { list: 'objections', filters, asked: { limit, cursor } },
        {
          form: keyset,
          find: (page) => deps.views.objections.page({ ...filters, scope, ...page }),
          present: (row) => presentObjection(row.ticketNo, row, readerOfReasons(row.ticketNo, row)),
        },
      )
    },
  )
}
