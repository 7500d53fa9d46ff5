import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { quarterBounds, quarterOf, toEpoch, toInstant } from '../../domain/instant.ts'
import { dealerUnits } from '../../domain/ticket/dealerUnits.ts'
import type { TicketEvent } from '../../domain/ticket/events.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { dealerCodes } from '../support/history/log.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { rowsBy } from './kpiExpected.ts'
import { recount } from './kpiRecount.ts'
import { removeFiles, viewsOf } from './support.ts'

afterEach(removeFiles)

const { sealing } = fakeSealing()

const random = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  acts: fc.integer({ min: 150, max: 700 }),
  mostOpen: fc.integer({ min: 2, max: 40 }),
  stepMs: fc.constantFrom(1, 20 * 60_000, 6 * 3_600_000, 20 * 3_600_000),
})

/** A log without settlements, into which a quarter's are put at these shares of it; positions as they then are. */
const settledAt = (
  events: readonly StoredEvent[],
  settlements: { quarter: string; share: number }[],
): StoredEvent[] => {
  const versions = new Map<string, number>()
  const log = events.filter(({ stream }) => !stream.startsWith('assessment-'))
  for (const { quarter, share } of [...settlements].sort((a, b) => a.share - b.share)) {
    const stream = `assessment-${quarter}`
    const version = (versions.get(stream) ?? 0) + 1
    versions.set(stream, version)
    let place = 1 + Math.floor(share * (log.length - 1))
    const { metadata, id } = log[place - 1] as StoredEvent
    // the events of one append stand together
    while (log[place]?.metadata.commandId === metadata.commandId) place += 1
    const type = version === 1 ? 'QuarterFrozen' : 'QuarterRevised'
    const data = version === 1 ? { policyVersion: 0 } : { policyVersion: 0, reason: 'once more' }
    log.splice(place, 0, { id, type, data, metadata, stream, version, position: '' })
  }
  return log.map((event, index) => ({ ...event, position: String(index + 1) }))
}

/** An import of the past: what a share of the log says was recorded an hour before its time, behind all others. */
const recordedEarlier = (events: readonly StoredEvent[], after: number): StoredEvent[] =>
  events.map((event, index) =>
    index < after || event.stream.startsWith('assessment-')
      ? event
      : {
          ...event,
          metadata: {
            ...event.metadata,
            recordedAt: toInstant(toEpoch(event.metadata.recordedAt) - 3_600_000),
          },
        },
  )

describe('the units of a settled quarter', () => {
  test('are those that a recount of the log up to the revision gives, whatever is recorded later and at what time', () => {
    let counted = 0
    fc.assert(
      fc.property(
        random,
        fc.array(fc.double({ min: 0.1, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        fc.constantFrom(1, 7, 500),
        ({ seed, acts, mostOpen, stepMs }, shares, earlier, size) => {
          const { events } = randomHistory({ seed, acts, mostOpen, stepMs, sealing })
          const quarters = [...new Set(events.map(({ metadata }) => quarterOf(metadata.recordedAt)))]
          const made = settledAt(
            events,
            quarters.flatMap((quarter) => shares.map((share) => ({ quarter, share }))),
          )
          const last = made.findLastIndex(({ stream }) => stream.startsWith('assessment-'))
          const log = earlier ? recordedEarlier(made, last + 1) : made
          const { views } = viewsOf(log, { size })
          for (const [place, { stream, version, metadata }] of log.entries()) {
            if (!stream.startsWith('assessment-')) continue
            const quarter = stream.slice(-6)
            const query = { ...quarterBounds(quarter), tier: 'dealer', asOf: metadata.recordedAt } as const
            const units = recount(log.slice(0, place), query)
            counted += units.length
            expect(views.kpi.settled(quarter, version)).toEqual(rowsBy(units, 'dealer'))
          }
          views.close()
          removeFiles()
        },
      ),
      { numRuns: 30 },
    )
    expect(counted).toBeGreaterThan(100)
  })

  test('are unknown of a revision there is not', () => {
    const { views } = viewsOf(randomHistory({ seed: 5, acts: 200, sealing }).events)
    expect(views.kpi.settled('2026Q1', 1)).not.toBeNull()
    expect(views.kpi.settled('2026Q1', 3)).toBeNull()
    expect(views.kpi.settled('2026Q2', 1)).toBeNull()
    views.close()
  })
})

/** Among them they have every reason not to count; random ones lack a rare reason now and then. */
const withEveryReason = [
  { seed: 1, acts: 700, mostOpen: 20, stepMs: 20 * 60_000 },
  { seed: 4, acts: 700, mostOpen: 20, stepMs: 20 * 60_000 },
  { seed: 3, acts: 700, mostOpen: 5, stepMs: 6 * 3_600_000 },
]

describe('what a ticket means for a dealer', () => {
  test('is what a recount of the raw events gives, and every term counts or has a reason', () => {
    const reasons = new Set<string>()
    fc.assert(
      fc.property(random, fc.double({ min: 0.2, max: 1.2, noNaN: true }), (options, share) => {
        const { events } = randomHistory({ ...options, sealing })
        const first = toEpoch(events[0]!.metadata.recordedAt)
        const asOf = toInstant(
          Math.floor(first + share * (toEpoch(events.at(-1)!.metadata.recordedAt) - first)),
        )
        const period = { from: '2026-01-01T00:00:00.000Z', to: '2030-01-01T00:00:00.000Z' }
        const expected = recount(events, { ...period, tier: 'dealer', asOf })
        const { views } = viewsOf(events)
        const known = Map.groupBy(
          events.filter(({ metadata }) => metadata.recordedAt <= asOf),
          ({ stream }) => stream,
        )
        for (const dealer of dealerCodes) {
          const tickets = views.kpi.ticketsOf({ dealer, ...period })
          const explained = tickets.map((ticketNo) => {
            const own = known.get(`ticket-${ticketNo}`) ?? []
            const terms = own.filter(
              ({ type, data }) =>
                (type === 'TicketDispatched' || type === 'ResponsibleDealerNamed') &&
                (type !== 'TicketDispatched' || (data as { tier: string }).tier === 'dealer') &&
                (data as { unit?: string; dealer: string }).dealer === dealer,
            )
            const found = dealerUnits(own as (StoredEvent & TicketEvent)[], { dealer, ...period, asOf })
            expect(found.units.length + found.notCounted.length).toBe(terms.length)
            return found
          })
          for (const { reason } of explained.flatMap(({ notCounted }) => notCounted)) reasons.add(reason)
          expect(
            explained
              .flatMap(({ units }) => units)
              .map(({ ticketNo, dispatchedAt, response, close, firstTime }) => ({
                ticketNo,
                dispatchedAt,
                response: response.verdict,
                close: close.verdict,
                firstTime: firstTime.verdict,
              }))
              .sort((a, b) => (a.ticketNo < b.ticketNo ? -1 : 1)),
          ).toEqual(
            expected
              .filter(({ unit }) => unit === dealer)
              .map(({ ticketNo, dispatchedAt, response, close, firstTime }) => ({
                ticketNo,
                dispatchedAt,
                response,
                close,
                firstTime,
              }))
              .sort((a, b) => (a.ticketNo < b.ticketNo ? -1 : 1)),
          )
        }
        views.close()
        removeFiles()
      }),
      { numRuns: 25, examples: withEveryReason.map((options) => [options, 1.2]) },
    )
    expect([...reasons].sort()).toEqual(
      [
        'became_repeat',
        'duplicate',
        'later_unit',
        'misrouted',
        'objection_upheld',
        'other_dealer_named',
        'reclassified',
        'redispatched',
        'rescinded',
      ].sort(),
    )
  })
})
