/** `POST /v1/assessments/{quarter}/what-if`: the quarter under a draft policy or draft calendars; nothing is recorded. */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { calendarEventData, calendarYearSchema } from '../../domain/calendar/calendar.ts'
import { type Quarter, quarterBounds, quarterSchema } from '../../domain/instant.ts'
import { type Policy, policySchema } from '../../domain/policy.ts'
import { type Counts, measureNames } from '../../domain/ticket/measures.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import { checkDraft, type Draft, rulesOf } from '../../domain/whatIf.ts'
import type { KpiCounts } from '../../projections/kpi/query.ts'
import { quarterUnder, type UnitsByDealer } from '../../projections/whatIf/quarterUnder.ts'
import { isStorable, saying, unstorable } from '../commands/fields.ts'
import { assessedByRbo, dealersByRbo, handoversOf } from '../commands/settlement/assessQuarter.ts'
import {
  countingAt,
  requireAssessed,
  type SelectedAssessment,
} from '../commands/settlement/revisionSelector.ts'
import { readEvents } from '../commands/tickets/execute.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { ofCalendars, ofPolicy, ofQuarter } from '../http/operationCodes.ts'
import { assessmentAnswer, presentHead, presentRow } from './assessmentAnswer.ts'
import { presentCounts } from './kpi.ts'
import { rates } from './statisticsSchemas.ts'

const { opens, closes } = calendarEventData.CalendarDefined.shape
const { off, work } = calendarEventData.CalendarYearSet.shape

const onlyOnce = <T>(list: readonly T[], of: (item: T) => unknown): boolean =>
  new Set(list.map(of)).size === list.length

const policyDraft = policySchema
  .extend({
    rootCauses: policySchema.shape.rootCauses.refine(
      (causes) => causes.every(({ zh, en }) => isStorable(zh) && isStorable(en)),
      unstorable,
    ),
  })
  .partial()
  .meta({ id: 'PolicyDraft', description: 'What is left out stays as it was in force.' })

const calendarDraft = z
  .strictObject({
    id: unitCodeSchema,
    opens: opens.optional(),
    closes: closes.optional(),
    years: z
      .array(z.strictObject({ year: calendarYearSchema, off, work }))
      .max(20)
      .refine(
        (years) => onlyOnce(years, ({ year }) => year),
        saying('must name each year once.', '每个年份只能出现一次。'),
      )
      .optional(),
  })
  .meta({ id: 'CalendarDraft', description: 'What is left out stays as it was known.' })

const draftBody = z
  .strictObject({
    policy: policyDraft.optional(),
    calendars: z
      .array(calendarDraft)
      .max(20)
      .refine(
        (drafts) => onlyOnce(drafts, ({ id }) => id),
        saying('must name each calendar once.', '每个日历只能出现一次。'),
      )
      .optional(),
  })
  .meta({ id: 'WhatIfBody' })

/** What of a dealer's row a draft may change. */
const compared = [
  'total',
  'responseRate',
  'closeRate',
  'firstTimeResolutionRate',
  'score',
  'rank',
  'outcome',
  'amount',
] as const

const value = z.union([z.number(), z.string()]).nullable()
const side = assessmentAnswer.extend({ rates }).meta({ id: 'WhatIfSide' })

const whatIfAnswer = z
  .strictObject({
    present: side,
    draft: side,
    changed: z.array(z.string()).meta({ description: 'Dealers whose row is another, by code.' }),
    changes: z
      .array(
        z.strictObject({
          dealer: z.string(),
          name: z.string(),
          rbo: z.string(),
          fields: z.array(z.strictObject({ field: z.enum(compared), present: value, draft: value })),
        }),
      )
      .meta({ description: 'What is another in each of their rows.' }),
  })
  .meta({ id: 'WhatIf' })
export type WhatIfAnswer = z.infer<typeof whatIfAnswer>

type Side = z.infer<typeof side>

const none: Counts = { met: 0, failed: 0, pending: 0 }
const added = (a: Counts, b: Counts): Counts => ({
  met: a.met + b.met,
  failed: a.failed + b.failed,
  pending: a.pending + b.pending,
})
const noUnits: KpiCounts = { total: 0, response: none, close: none, firstTime: none }

const totalsOf = (units: UnitsByDealer): KpiCounts =>
  [...units.values()].reduce((sum, counts) => {
    const total = sum.total + counts.total
    const measures = measureNames.map((name) => [name, added(sum[name], counts[name])])
    return { total, ...Object.fromEntries(measures) } as KpiCounts
  }, noUnits)

type InForce = { version: number; values: Policy }

const sideOf = (
  deps: Deps,
  { quarter, selected }: { quarter: Quarter; selected: SelectedAssessment },
  { units, policy }: { units: UnitsByDealer; policy: InForce },
): Side => {
  const rates = [...units].map(([key, counts]) => ({ key, ...counts }))
  const handovers = handoversOf(deps, quarter, selected)
  const dealers = dealersByRbo(quarter, { rates, master: deps.views.master, handovers }, selected)
  return {
    ...presentHead(quarter, selected, policy.version),
    rates: presentCounts(totalsOf(units)),
    rbos: assessedByRbo({ policy, dealers }, selected).map(([rbo, rows]) => ({
      rbo,
      dealers: rows.map(presentRow),
    })),
  }
}

const changesOf = ({ rbos }: Side, draft: Side) => {
  const drafted = new Map(draft.rbos.flatMap(({ dealers }) => dealers).map((row) => [row.dealer, row]))
  const found = rbos.flatMap(({ rbo, dealers }) =>
    dealers.flatMap((row) => {
      const other = drafted.get(row.dealer) ?? row
      const fields = compared
        .filter((field) => row[field] !== other[field])
        .map((field) => ({ field, present: row[field], draft: other[field] }))
      return fields.length === 0 ? [] : [{ dealer: row.dealer, name: row.name, rbo, fields }]
    }),
  )
  return found.sort((a, b) => (a.dealer < b.dealer ? -1 : 1))
}

export const whatIfRoutes: Routes = (deps) => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().post(
    '/v1/assessments/:quarter/what-if',
    {
      config: {
        action: 'try_policy',
        views: ['kpi', 'master', 'tickets', 'care'],
        isHeavy: true,
        refusals: [...ofQuarter, ...ofPolicy, ...ofCalendars],
        operationId: 'tryPolicy',
        example: { body: {} },
      },
      schema: {
        tags: ['reports'],
        summary: 'The quarter under a draft policy or draft calendars, beside the present one',
        description:
          'Nothing is recorded. The present one is the quarter as it would be counted now, also where it is frozen. Who held which ticket, and who did what when, stays as recorded; deadlines, kept units and the days in which a repeat counts are computed again for the whole quarter.',
        params: z.strictObject({ quarter: quarterSchema }),
        body: draftBody,
        response: { 200: whatIfAnswer },
      },
    },
    async (request) => {
      const { quarter } = request.params
      const asOf = deps.now()
      requireAssessed(quarter, asOf)
      const { master } = deps.views
      const draft: Draft = {
        policy: withoutUndefined(request.body.policy ?? {}),
        calendars: request.body.calendars ?? [],
      }
      const { policyVersion: version, values: policy } = master.policy(countingAt(quarter, asOf))
      checkDraft(draft, { now: asOf, present: policy, calendarAt: master.calendarAt })
      const rules = rulesOf(draft, { masterAt: master.at, calendarAt: master.calendarAt })
      const units = await quarterUnder(
        { ...deps.views, eventsOf: (ticketNo) => readEvents(deps, ticketNo) },
        { ...quarterBounds(quarter), asOf, rules },
      )
      const live = { quarter, selected: { status: 'live', asOf } } as const
      const present = sideOf(deps, live, { units: units.present, policy: { version, values: policy } })
      const drafted = sideOf(deps, live, {
        units: units.draft,
        policy: { version, values: rules.policy(policy) },
      })
      const changes = changesOf(present, drafted)
      return { present, draft: drafted, changed: changes.map(({ dealer }) => dealer), changes }
    },
  )
}

const withoutUndefined = (policy: z.infer<typeof policyDraft>): Partial<Policy> =>
  Object.fromEntries(Object.entries(policy).filter(([, each]) => each !== undefined))
