/** Lists of care tasks and of what the CSC judges, and a handover (rulebook §15). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { careStatusSchema, triageStatusSchema } from '../../domain/care/codes.ts'
import { careKindSchema } from '../../domain/care/policy.ts'
import type { Instant } from '../../domain/instant.ts'
import { scopesFor } from '../../domain/scope.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import type { TaskView } from '../../projections/care/careRows.ts'
import type { TaskPage, TaskPageQuery } from '../../projections/care/taskQueries.ts'
import { instantInQuery } from '../commands/fields.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import { listFiles } from '../files/negotiation.ts'
import type { Deps, Http, Routes } from '../http/deps.ts'
import { sendETag } from '../http/etag.ts'
import { keyset, type ListRequest, sendPage } from '../http/lists.ts'
import { commaList, pageQuery } from '../http/schemas.ts'
import { readersFor } from '../tickets/requestContext.ts'
import { careLabels } from './labels.ts'
import { placeOfCare, presentHandover, presentTaskRow, presentTriageRow } from './present.ts'
import { handoverParams, seenHandover } from './requestContext.ts'
import {
  careTaskPageAnswer,
  careTaskRowAnswer,
  handoverAnswer,
  triagePageAnswer,
  triageRowAnswer,
} from './responseSchemas.ts'

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

type TaskList<Answer> = {
  find(page: Omit<TaskPageQuery, 'filters'>): TaskPage
  present(task: TaskView, reader: Reader, now: Instant): Answer
}

/** Sends a page of tasks, or of what is judged of them, as far as the caller may see it. */
const sendTasks = <Answer>(
  deps: Deps,
  http: Http,
  list: ListRequest,
  { find, present }: TaskList<Answer>,
) => {
  const now = deps.now()
  const scope = scopesFor(http.request.caller, 'read')
  const readerAt = readersFor(deps, http.request)
  return sendPage(deps, http, list, {
    form: keyset,
    find: (page) => find({ scope, now, ...page }),
    present: (task) => present(task, readerAt(placeOfCare(task), task.handoverId), now),
  })
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
      const list = { list: 'careTasks', filters, asked: { limit, cursor } }
      return sendTasks(deps, { request, reply }, list, {
        find: (page) => deps.views.care.tasks({ filters, ...page }),
        present: presentTaskRow,
      })
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
      const list = { list: 'careTriage', filters, asked: { limit, cursor } }
      return sendTasks(deps, { request, reply }, list, {
        find: (page) => deps.views.care.triage({ filters, ...page }),
        present: presentTriageRow,
      })
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
}
