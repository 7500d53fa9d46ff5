/** `GET /v1/reports/care`: care tasks due in a quarter, and what became of them (rulebook §15). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type CareKind, careKindSchema, careKinds } from '../../domain/care/policy.ts'
import { quarterBounds, quarterSchema } from '../../domain/instant.ts'
import { scopesFor } from '../../domain/scope.ts'
import { rateOf } from '../../domain/ticket/measures.ts'
import type { CareCount, CareGroupBy } from '../../projections/care/careReport.ts'
import { reportFiles } from '../files/negotiation.ts'
import { rowsReport } from '../files/rowsReport.ts'
import { sendReport } from '../files/send.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { type Language, languageOf } from '../http/problems.ts'
import { commaList } from '../http/schemas.ts'
import { keyName } from './keyName.ts'
import { unitFilters } from './statistics.ts'

const dimensions = ['dealer', 'kind', 'rbo', 'month'] as const satisfies readonly CareGroupBy[]

const counts = {
  due: z.int().meta({ description: 'Tasks that were asked for and fall due in the quarter.' }),
  doneInTime: z.int(),
  doneLate: z.int(),
  failedCalls: z.int().meta({ description: 'The customer could not be reached, or declined.' }),
  overdueCalls: z.int().meta({ description: 'Past the due and not done.' }),
  openCalls: z.int().meta({ description: 'Open, and not due yet.' }),
  notNeeded: z.int().meta({ description: 'Ended because nobody needed them any more; not among `due`.' }),
  reachedCustomers: z.int(),
  satisfied: z.int(),
  satisfactionRate: z
    .number()
    .nullable()
    .meta({ description: 'Percent of those reached; null: nobody was.' }),
}

const answerSchema = z
  .object({
    quarter: z.string(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    asOf: z.iso.datetime(),
    by: z.enum(dimensions),
    rows: z.array(z.object({ key: z.string(), name: z.string(), ...counts })),
    totals: z.object(counts),
  })
  .meta({ id: 'CareReport' })

const file = rowsReport(answerSchema, {
  name: 'care',
  title: { en: 'Care calls', zh: '关怀回访统计' },
})

const sumOf = (all: readonly CareCount[], isIn: (count: CareCount) => boolean): number =>
  all.reduce((sum, count) => (isIn(count) ? sum + count.tasks : sum), 0)

const figuresOf = (all: readonly CareCount[]) => {
  const reachedCustomers = sumOf(all, ({ outcome }) => outcome !== null)
  const satisfied = sumOf(all, ({ outcome }) => outcome === 'satisfied')
  return {
    due: sumOf(all, ({ ended }) => ended !== 'not_needed'),
    doneInTime: sumOf(all, ({ ended }) => ended === 'done'),
    doneLate: sumOf(all, ({ ended }) => ended === 'late'),
    failedCalls: sumOf(all, ({ ended }) => ended === 'failed'),
    overdueCalls: sumOf(all, ({ overdue }) => overdue === 1),
    openCalls: sumOf(all, ({ ended, overdue }) => ended === null && overdue === 0),
    notNeeded: sumOf(all, ({ ended }) => ended === 'not_needed'),
    reachedCustomers,
    satisfied,
    satisfactionRate: rateOf({ met: satisfied, failed: reachedCustomers - satisfied, pending: 0 }),
  }
}

const nameOf = (deps: Deps, by: CareGroupBy, key: string, language: Language): string =>
  by === 'kind' ? careKinds[key as CareKind][language] : keyName(deps, by, key, language)

export const careReportRoutes: Routes = (deps) => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/reports/care',
    {
      config: {
        desk: 'care',
        action: 'read',
        views: ['care', 'master'],
        files: reportFiles,
        isHeavy: true,
        refusals: [],
        operationId: 'getCareReport',
        example: { query: { quarter: '2026Q1' } },
      },
      schema: {
        tags: ['reports'],
        summary: 'Care tasks due in a quarter, and what became of them',
        description: 'A task due at the end of a day belongs to that day. Months are those of the due.',
        querystring: z.strictObject({
          quarter: quarterSchema,
          by: z.enum(dimensions).default('dealer'),
          kind: commaList(careKindSchema).optional().meta({ description: 'Tasks of these kinds only.' }),
          ...unitFilters,
        }),
        response: { 200: answerSchema },
      },
    },
    (request, reply) => {
      const { quarter, by, ...filters } = request.query
      const bounds = quarterBounds(quarter)
      const asOf = deps.now()
      const language = languageOf(request.headers['accept-language'])
      const scope = scopesFor(request.caller, 'read')
      const counted = deps.views.care.counts({ by, ...bounds, now: asOf, scope, ...filters })
      const rows = [...Map.groupBy(counted, ({ key }) => key)].map(([key, ofKey]) => ({
        key,
        name: nameOf(deps, by, key, language),
        ...figuresOf(ofKey),
      }))
      const answer = { quarter, ...bounds, asOf, by, rows, totals: figuresOf(counted) }
      return sendReport(deps, { request, reply }, answer, file)
    },
  )
}
