/** What a dealer's score comes from: every unit with its verdicts and what they cost, and what does not count. */
import { z } from 'zod'
import { knownBy } from '../../domain/asKnown.ts'
import { pointsPerUnit } from '../../domain/assessment.ts'
import type { Actor } from '../../domain/authority.ts'
import {
  type DeliverySource,
  deliverySourceSchema,
  measureSchema,
  objectionStatusSchema,
  verdictSchema,
} from '../../domain/codes.ts'
import { type Quarter, quarterBounds } from '../../domain/instant.ts'
import type { Policy } from '../../domain/policy.ts'
import { Refusal } from '../../domain/refusal.ts'
import { seesDealer } from '../../domain/scope.ts'
import {
  type DealerUnit,
  dealerUnits,
  type NotCountedReason,
  notCountedReasons,
  type UnitMeasure,
} from '../../domain/ticket/dealerUnits.ts'
import { type Counts, type MeasureName, measureNames, rateOf } from '../../domain/ticket/measures.ts'
import { yieldToEventLoop } from '../commands/inFlight.ts'
import { type AssessedDealer, assessedByRbo, basisOf } from '../commands/settlement/assessQuarter.ts'
import type { SelectedAssessment } from '../commands/settlement/revisionSelector.ts'
import { readEvents } from '../commands/tickets/execute.ts'
import type { Deps } from '../http/deps.ts'
import { assessmentHead, dealerRow, presentHead, presentRow } from './assessmentAnswer.ts'

const points = z.number().meta({ description: 'Points of the score, with at most two decimals.' })

const measure = z
  .strictObject({
    met: z.int(),
    failed: z.int(),
    pending: z.int(),
    rate: z.number().nullable(),
    weight: z.int().meta({ description: 'Whole percent.' }),
    pointsPerUnit: points.nullable().meta({
      description:
        'The weight by the number of units; null: there are none, and the weight is lost as a whole.',
    }),
  })
  .meta({ id: 'ExplainedRate' })

const unitMeasure = z
  .strictObject({
    verdict: verdictSchema.nullable().meta({ description: 'null: the unit does not count in this measure.' }),
    dueAt: z.iso.datetime().nullable(),
    doneAt: z.iso.datetime().nullable(),
    pointsLost: points.meta({
      description: 'pointsPerUnit unless it is met; what is pending is lost so far.',
    }),
  })
  .meta({ id: 'ExplainedMeasure' })

const byMeasure = <T extends z.ZodType>(schema: T) => ({ response: schema, close: schema, firstTime: schema })

export const explanationAnswer = z
  .strictObject({
    ...assessmentHead,
    rbo: z.string(),
    ...dealerRow,
    deliveriesFrom: deliverySourceSchema.nullable().meta({
      description:
        'Which number `deliveries` is: the one HQ entered, else the handovers recorded at the care desk; null: there is none.',
    }),
    handovers: z.int().meta({ description: 'Handovers of the quarter that the care desk has.' }),
    measures: z.strictObject(byMeasure(measure)),
    units: z.array(
      z.strictObject({
        ticketNo: z.string(),
        dispatchedAt: z.iso.datetime(),
        ...byMeasure(unitMeasure),
        pointsLost: points,
      }),
    ),
    notCounted: z
      .array(
        z.strictObject({
          ticketNo: z.string(),
          dispatchedAt: z.iso.datetime(),
          reason: z.enum(Object.keys(notCountedReasons) as [NotCountedReason, ...NotCountedReason[]]),
        }),
      )
      .meta({ description: 'Turns of the dealer that began in the quarter and count nowhere.' }),
    objections: z
      .array(
        z.strictObject({
          ticketNo: z.string(),
          objectionId: z.string(),
          dispatchedAt: z.iso.datetime().meta({ description: 'When the unit began.' }),
          measures: z.array(measureSchema),
          status: objectionStatusSchema,
          raisedAt: z.iso.datetime(),
          decidedAt: z.iso.datetime().nullable(),
          changed: z
            .array(z.strictObject({ measure: measureSchema, verdict: verdictSchema }))
            .meta({ description: 'The measures the unit does not count in, and what it would be there.' }),
        }),
      )
      .meta({ description: 'Objections to units of the quarter, and what they changed.' }),
  })
  .meta({ id: 'DealerExplanation' })
export type ExplanationAnswer = z.infer<typeof explanationAnswer>

/** Streams folded before yielding to the event loop: some milliseconds. */
const together = 50

/** The ticket as the log had it at the selected revision. */
const knownEvents = async (deps: Deps, ticketNo: string, selected: SelectedAssessment) => {
  if (selected.status === 'live') return readEvents(deps, ticketNo, selected.asOf)
  const events = await readEvents(deps, ticketNo)
  const { recordedAt, position: end } = selected.counted
  return knownBy(
    events.filter(({ position }) => deps.store.comparePositions(position, end) < 0),
    recordedAt,
  )
}

type OfDealer = { quarter: Quarter; selected: SelectedAssessment; dealer: string }

/** From the tickets' own events, so that a revision is explained from the log as it was. */
const unitsOf = async (deps: Deps, { quarter, selected, dealer }: OfDealer) => {
  const period = { dealer, ...quarterBounds(quarter) }
  const asOf = selected.status === 'live' ? selected.asOf : selected.counted.recordedAt
  const found: ReturnType<typeof dealerUnits>[] = []
  const ticketNos = deps.views.kpi.ticketsOf(period)
  for (let next = 0; next < ticketNos.length; next += together) {
    const some = ticketNos.slice(next, next + together)
    const events = await Promise.all(some.map((ticketNo) => knownEvents(deps, ticketNo, selected)))
    for (const ofTicket of events) found.push(dealerUnits(ofTicket, { ...period, asOf }))
    await yieldToEventLoop()
  }
  const inOrder = (a: { dispatchedAt: string }, b: { dispatchedAt: string }) =>
    a.dispatchedAt < b.dispatchedAt ? -1 : a.dispatchedAt > b.dispatchedAt ? 1 : 0
  return {
    units: found.flatMap(({ units }) => units).sort(inOrder),
    notCounted: found.flatMap(({ notCounted }) => notCounted).sort(inOrder),
    objections: found.flatMap(({ objections }) => objections).sort(inOrder),
  }
}

const explainRate = (counts: Counts, weight: number) => ({
  ...counts,
  rate: rateOf(counts),
  weight,
  pointsPerUnit: pointsPerUnit(counts, weight),
})

const explainMeasure = ({ verdict, ...times }: UnitMeasure, worth: number | null, isFinal: boolean) => ({
  verdict: isFinal && verdict === 'pending' ? ('failed' as const) : verdict,
  ...times,
  pointsLost: verdict === null || verdict === 'met' ? 0 : (worth ?? 0),
})

const mapMeasures = <T>(make: (name: MeasureName) => T): Record<MeasureName, T> =>
  Object.fromEntries(measureNames.map((name) => [name, make(name)])) as Record<MeasureName, T>

const explain = ({ counts }: AssessedDealer, weights: Policy['weights'], isFinal: boolean) => {
  const measures = mapMeasures((name) => explainRate(counts[name], weights[name]))
  const explainUnit = ({ ticketNo, dispatchedAt, ...unit }: DealerUnit) => {
    const explained = mapMeasures((name) => explainMeasure(unit[name], measures[name].pointsPerUnit, isFinal))
    const hundredths = measureNames.reduce(
      (sum, name) => sum + Math.round(explained[name].pointsLost * 100),
      0,
    )
    return { ticketNo, dispatchedAt, ...explained, pointsLost: hundredths / 100 }
  }
  return { measures, explainUnit }
}

const deliveriesFrom = ({ entered, handovers }: AssessedDealer): DeliverySource | null => {
  if (entered !== null) return 'entered'
  return handovers > 0 ? 'handovers' : null
}

/**
 * Explains one dealer's row of an assessment.
 * @throws Refusal `dealer_not_found` where it was not entered, or is not the caller's to see
 */
export const explainDealer = async (deps: Deps, caller: Actor, asked: OfDealer) => {
  const { quarter, selected, dealer } = asked
  const basis = basisOf(deps, quarter, selected)
  const row = assessedByRbo(basis, selected)
    .flatMap(([, dealers]) => dealers)
    .find((each) => each.dealer === dealer)
  if (row === undefined || !seesDealer(caller, row)) throw new Refusal('dealer_not_found', { code: dealer })
  const { measures, explainUnit } = explain(row, basis.policy.values.weights, selected.status === 'frozen')
  const { units, notCounted, objections } = await unitsOf(deps, asked)
  return {
    ...presentHead(quarter, selected, basis.policy.version),
    rbo: row.rbo,
    ...presentRow(row),
    deliveriesFrom: deliveriesFrom(row),
    handovers: row.handovers,
    measures,
    units: units.map(explainUnit),
    notCounted,
    objections: objections.map(({ measures: named, changed, ...each }) => ({
      ...each,
      measures: [...named],
      changed: changed.map(({ measure: name, verdict }) => ({
        measure: name,
        verdict: selected.status === 'frozen' && verdict === 'pending' ? ('failed' as const) : verdict,
      })),
    })),
  }
}
