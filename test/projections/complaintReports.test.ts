import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  causeCounter,
  complaintRows,
  noticeCounter,
  satisfactionCounter,
} from '../../domain/complaintReports.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { toEpoch, toInstant } from '../../domain/instant.ts'
import { perDeliveries } from '../../domain/perDeliveries.ts'
import { defaultPolicy } from '../../domain/policy.ts'
import { countedBy } from '../../domain/statistics.ts'
import type { TicketEvent } from '../../domain/ticket/events.ts'
import { fold } from '../../domain/ticket/evolve.ts'
import { warningDimensions, warningRows } from '../../domain/warningReport.ts'
import type { Scopes } from '../../projections/scope.ts'
import { eachComplaint } from '../../projections/statistics/statistics.ts'
import { eachWarning } from '../../projections/statistics/warnings.ts'
import type { Views } from '../../projections/views.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { dealerCodes } from '../support/history/log.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { recountReports } from './complaintReportsRecount.ts'
import { open, removeFiles, viewsOf } from './support.ts'

afterEach(removeFiles)

const { sealing } = fakeSealing()
const everyone: Scopes = [{ kind: 'all' }]

type ReportQuery = { from: string; to: string; asOf: string; rbo?: string[]; dealer?: string[] }

const sourcesOf = (views: Views, events: readonly StoredEvent[]) => ({
  ...views,
  ticketAsOf: async (ticketNo: string, asOf: string) =>
    fold(
      events.filter(
        ({ stream, metadata }) => stream === `ticket-${ticketNo}` && metadata.recordedAt <= asOf,
      ) as unknown as (StoredEvent & TicketEvent)[],
    ),
})

const { attempts, hoursApart } = defaultPolicy.callback

/** Every report, by every dimension, against the recount; gives how many complaints and warnings there were. */
const heldAgainst = async (views: Views, events: readonly StoredEvent[], asked: ReportQuery) => {
  const expected = recountReports(events, asked)
  const asOf = toEpoch(asked.asOf)
  const sources = sourcesOf(views, events)
  for (const by of countedBy) {
    const counted = {
      satisfaction: complaintRows(by, satisfactionCounter({ attempts, hoursApart }, asOf)),
      notices: complaintRows(by, noticeCounter(asOf)),
      causes: complaintRows(by, causeCounter),
    }
    await eachComplaint(sources, { ...asked, scope: everyone }, (complaint) => {
      for (const report of Object.values(counted)) report.add(complaint)
    })
    for (const [name, report] of Object.entries(counted))
      expect([name, by, report.done()]).toEqual([name, by, expected[name as keyof typeof counted](by)])
  }
  for (const by of warningDimensions) {
    const counted = warningRows(by, asOf)
    await eachWarning(sources, { ...asked, scope: everyone }, counted.add)
    expect([by, counted.done()]).toEqual([by, expected.warnings(by)])
  }
  return {
    complaints: expected.notices('level').totals.complaints,
    warnings: expected.warnings('code').totals.raised,
  }
}

describe('the reports on complaints and warnings', () => {
  test('are what a recount of the raw events gives, at any instant and by any dimension', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.integer({ min: 1, max: 1_000_000 }),
          acts: fc.integer({ min: 20, max: 500 }),
          stepMs: fc.constantFrom(60_000, 20 * 60_000, 6 * 3_600_000),
          asOfs: fc.array(fc.double({ min: 0, max: 1.2, noNaN: true }), { minLength: 2, maxLength: 2 }),
          cut: fc.tuple(
            fc.double({ min: 0, max: 1, noNaN: true }),
            fc.double({ min: 0, max: 1, noNaN: true }),
          ),
        }),
        async ({ seed, acts, stepMs, asOfs, cut }) => {
          const { events } = randomHistory({ seed, acts, stepMs, sealing })
          const { views } = viewsOf(events)
          const first = toEpoch(events[0]!.metadata.recordedAt)
          const span = toEpoch(events.at(-1)!.metadata.recordedAt) - first
          const at = (share: number): string => toInstant(Math.floor(first + share * span))
          const period = { from: at(Math.min(...cut) - 0.4), to: at(Math.max(...cut) + 0.4) }
          for (const share of asOfs) await heldAgainst(views, events, { ...period, asOf: at(share) })
          views.close()
          removeFiles()
        },
      ),
      { numRuns: 12 },
    )
  })

  const { events } = randomHistory({ seed: 72, acts: 1500, sealing, stepMs: 3 * 3_600_000 })
  const year = { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' }
  const asOf = events.at(-1)!.metadata.recordedAt

  test('follow what is written after they were asked for first, and what a file holds that is opened again', async () => {
    // between two commands: no reader ever sees half of one
    const middle = Math.floor(events.length / 2)
    const { commandId } = events[middle]!.metadata
    const half = events.findIndex(({ metadata }, index) => index > middle && metadata.commandId !== commandId)
    const { views, file } = viewsOf(events.slice(0, half))
    await heldAgainst(views, events.slice(0, half), { ...year, asOf: events[half - 1]!.metadata.recordedAt })
    for (let at = half; at < events.length; at += 50) views.apply(events.slice(at, at + 50))
    const seen = await heldAgainst(views, events, { ...year, asOf })
    expect([seen.complaints > 50, seen.warnings > 50]).toEqual([true, true])
    views.close()
    const again = open(file)
    await heldAgainst(again, events, { ...year, asOf })
    again.close()
  })

  test('are those of the RBOs and dealers that were asked for, and of no other', async () => {
    const { views } = viewsOf(events)
    for (const units of [{ rbo: ['EAST'] }, { dealer: ['D1', 'D2'] }, { dealer: ['none'] }])
      await heldAgainst(views, events, { ...year, asOf, ...units })
    views.close()
  })

  test('are a unit’s own where a unit asks, page by page', async () => {
    const { views } = viewsOf(events)
    for (const scope of [
      [{ kind: 'dealer', code: 'D2' }],
      [{ kind: 'rbo', code: 'EAST' }],
      [],
    ] as const satisfies Scopes[]) {
      const query = {
        filters: {},
        sort: '-registeredAt',
        limit: 10_000,
        after: null,
        now: asOf,
        scope,
      } as const
      const seen = views.tickets
        .page(query)
        .items.filter(({ state }) => state !== 'rescinded' && state !== 'duplicate')
      const counted = { complaints: 0, warnings: 0 }
      await eachComplaint(sourcesOf(views, events), { ...year, asOf, scope }, () => {
        counted.complaints += 1
      })
      await eachWarning(sourcesOf(views, events), { ...year, asOf, scope }, () => {
        counted.warnings += 1
      })
      expect(counted).toEqual({
        complaints: seen.length,
        warnings: seen.reduce((sum, { warnings }) => sum + warnings.length, 0),
      })
      const range = { from: toEpoch(year.from), to: toEpoch(year.to), scope }
      const all = views.warnings.raised({ ...range, after: null, limit: 10_000 })
      const paged: typeof all = []
      let page: typeof all = []
      do {
        page = views.warnings.raised({ ...range, after: page.at(-1) ?? null, limit: 3 })
        paged.push(...page)
      } while (page.length > 0)
      expect(paged).toEqual(all)
    }
    views.close()
  })
})

describe('complaints per 100 deliveries', () => {
  const network = dealerCodes.map((dealer, nth) => ({
    dealer,
    rbo: nth % 2 === 0 ? 'WEST' : 'EAST',
    deliveries: [null, 0, 1, 7, 200, null][nth] as number | null,
  }))
  const count = (
    by: 'dealer' | 'rbo',
    complaints: readonly (string | null)[],
    asked: { dealer?: string[]; rbo?: string[] } = {},
  ) => {
    const counted = perDeliveries(by, network, asked)
    for (const dealer of complaints) counted.add(dealer)
    return counted.done()
  }

  test('are what a recount gives, for every dealer that has complaints or deliveries', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(null, 'X9', ...dealerCodes), { maxLength: 40 }), (complaints) => {
        const of = (dealer: string | null): number => complaints.filter((each) => each === dealer).length
        const { rows, totals } = count('dealer', complaints)
        expect(rows.map(({ key, complaints: found }) => [key, found])).toEqual(
          [...dealerCodes, 'X9', null]
            .filter(
              (key) =>
                of(key) > 0 || (network.find(({ dealer }) => dealer === key)?.deliveries ?? null) !== null,
            )
            .map((key) => [key, of(key)]),
        )
        for (const { key, deliveries, complaintsPer100 } of rows) {
          expect(deliveries).toBe(network.find(({ dealer }) => dealer === key)?.deliveries ?? null)
          const exact = deliveries === null || deliveries === 0 ? null : (of(key) * 100) / deliveries
          if (exact === null) expect(complaintsPer100).toBeNull()
          else expect(Math.abs((complaintsPer100 as number) - exact)).toBeLessThanOrEqual(0.005 + 1e-9)
        }
        expect(totals.complaints).toBe(complaints.length)
        expect(totals.deliveries).toBe(208)
        const compared = ['D2', 'D3', 'D4', 'D5'].reduce((sum, dealer) => sum + of(dealer), 0)
        expect(Math.abs((totals.complaintsPer100 as number) - (compared * 100) / 208)).toBeLessThanOrEqual(
          0.005 + 1e-9,
        )
      }),
    )
  })

  test('of an RBO leave out the complaints about dealers whose deliveries nobody entered', () => {
    expect(count('rbo', ['D1', 'D3', 'D4', 'D4', null])).toEqual({
      rows: [
        { key: 'EAST', complaints: 2, deliveries: 7, complaintsPer100: 28.57 },
        { key: 'WEST', complaints: 2, deliveries: 201, complaintsPer100: 0.5 },
        { key: null, complaints: 1, deliveries: null, complaintsPer100: null },
      ],
      totals: { complaints: 5, deliveries: 208, complaintsPer100: 1.44 },
    })
  })

  test('are of the units asked for alone', () => {
    const complaints = ['D1', 'D2', 'D4', null]
    expect(count('dealer', complaints, { rbo: ['EAST'] }).totals.complaints).toBe(2)
    expect(count('dealer', complaints, { dealer: ['D4'], rbo: ['EAST'] }).rows.map(({ key }) => key)).toEqual(
      ['D4'],
    )
  })
})
