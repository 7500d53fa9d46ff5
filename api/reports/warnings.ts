/** `GET /v1/reports/warnings`: early warnings raised in a period, and who acknowledged them in time (rulebook §7). */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type WarningCode, warningCodes } from '../../domain/codes.ts'
import { toEpoch } from '../../domain/instant.ts'
import { scopesFor } from '../../domain/scope.ts'
import { type WarningDimension, warningDimensions, warningRows } from '../../domain/warningReport.ts'
import { eachWarning } from '../../projections/statistics/warnings.ts'
import { reportFiles } from '../files/negotiation.ts'
import { rowsReport } from '../files/rowsReport.ts'
import { sendReport } from '../files/send.ts'
import { asOfOr, asOfQuery } from '../http/asOf.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { type Language, languageOf } from '../http/problems.ts'
import { deskName, keyName } from './keyName.ts'
import { rate } from './kpi.ts'
import { asPeriod, boundsOf, isPeriod, periodQuery } from './period.ts'
import { givenUnits, sourcesOf, unitFilters } from './statistics.ts'

const query = z
  .strictObject({
    ...periodQuery,
    by: z.enum(warningDimensions).default('code').meta({
      description:
        'sentTo: the unit that must acknowledge; month and week: when it was raised; the others are the ticket’s.',
    }),
    ...unitFilters,
    asOf: asOfQuery,
  })
  .refine(isPeriod, asPeriod)

const counts = {
  raised: z.int().meta({ description: 'In the period; those of rescinded and duplicate tickets left out.' }),
  acknowledged: rate.meta({ description: 'met: acknowledged by ackDueAt; failed: later, or not yet.' }),
  resolved: z.int(),
  unresolved: z.int(),
}

const warningsAnswer = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    asOf: z.iso.datetime(),
    by: z.enum(warningDimensions),
    rows: z.array(
      z.object({
        key: z.string().nullable().meta({ description: 'null: what has none.' }),
        name: z.string(),
        ...counts,
      }),
    ),
    totals: z.object(counts),
  })
  .meta({ id: 'WarningReport' })

const nameOf = (deps: Deps, by: WarningDimension, key: string | null, language: Language): string => {
  if (by === 'code') return warningCodes[key as WarningCode][language]
  if (by === 'sentTo') return deskName(deps, key as string, language)
  return keyName(deps, by, key, language)
}

export const warningReportRoutes: Routes = (deps) => async (plugin) => {
  const file = rowsReport(warningsAnswer, {
    name: 'warnings',
    title: { en: 'Early warnings', zh: '升级预警统计' },
  })
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/reports/warnings',
    {
      config: {
        action: 'read',
        views: ['warnings', 'tickets', 'master'],
        files: reportFiles,
        isHeavy: true,
        refusals: [],
        operationId: 'getWarningsInTime',
        example: { query: { quarter: '2026Q1' } },
      },
      schema: {
        tags: ['reports'],
        summary: 'Early warnings of a period by code, and those acknowledged in time',
        querystring: query,
        response: { 200: warningsAnswer },
      },
    },
    async (request, reply) => {
      const { by } = request.query
      const { from, to } = boundsOf(request.query)
      const asOf = asOfOr(deps.now(), request.query.asOf)
      const language = languageOf(request.headers['accept-language'])
      const counted = warningRows(by, toEpoch(asOf))
      await eachWarning(
        sourcesOf(deps),
        { ...givenUnits(request.query), from, to, asOf, scope: scopesFor(request.caller, 'read') },
        counted.add,
      )
      const { rows, totals } = counted.done()
      const answer = {
        from,
        to,
        asOf,
        by,
        rows: rows.map(({ key, ...row }) => ({ key, name: nameOf(deps, by, key, language), ...row })),
        totals,
      }
      return sendReport(deps, { request, reply }, answer, file)
    },
  )
}
