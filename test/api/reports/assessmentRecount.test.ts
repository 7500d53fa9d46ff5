/** Assessments, live and settled, against the slow recount, on random quarters with few units and so with many ties. */
import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { selectAssessment } from '../../../api/commands/settlement/revisionSelector.ts'
import { answerAssessment } from '../../../api/reports/assessmentAnswer.ts'
import { rankingOf } from '../../../api/reports/ranking.ts'
import type { StoredEvent } from '../../../domain/eventStore.ts'
import { quarterOf } from '../../../domain/instant.ts'
import { defaultPolicy } from '../../../domain/policy.ts'
import { removeFiles, viewsOf } from '../../projections/support.ts'
import { fakeSealing } from '../../support/fakeSealing.ts'
import { dealerCodes } from '../../support/history/log.ts'
import { randomHistory } from '../../support/history/randomHistory.ts'
import type { Json } from '../../support/service.ts'
import { assessmentModel } from './assessmentModel.ts'

afterEach(removeFiles)

const { sealing } = fakeSealing()
const sa = { id: 'sa', roles: ['sa' as const] }

type EnteredEvent = { share: number; stream: string; type: string; data: Json }

/** Puts what was entered between the acts of a history, and numbers all of it again. */
const logOf = (history: readonly StoredEvent[], entered: readonly EnteredEvent[]): StoredEvent[] => {
  const acts = history.filter(
    ({ stream, type }) => !stream.startsWith('assessment-') && type !== 'DeliveriesSet',
  )
  const whole = [...acts]
  for (const { share, ...event } of [...entered].sort((a, b) => b.share - a.share)) {
    let place = Math.min(acts.length, Math.floor(share * acts.length) + 30)
    const { metadata, id } = acts[place - 1] as StoredEvent
    while (acts[place]?.metadata.commandId === metadata.commandId) place += 1
    whole.splice(place, 0, { id, ...event, metadata, version: 0, position: '' })
  }
  return numbered(whole)
}
const numbered = (events: readonly StoredEvent[]): StoredEvent[] => {
  const versions = new Map<string, number>()
  return events.map((event, index) => {
    const version = (versions.get(event.stream) ?? 0) + 1
    versions.set(event.stream, version)
    return { ...event, version, position: String(index + 1) }
  })
}

const share = fc.double({ min: 0, max: 1, noNaN: true })
const deliveries = fc.record({
  share,
  dealer: fc.constantFrom(...dealerCodes),
  count: fc.integer({ min: 0, max: 1 }),
})
const moves = fc.record({
  share,
  dealer: fc.constantFrom(...dealerCodes),
  rbo: fc.constantFrom('EAST', 'WEST'),
})
const policies = fc.record({
  share,
  rewardTop: fc.constantFrom(0, 1, 1, 2, 4),
  penaltyBelow: fc.constantFrom(0, 0, 40, 66.67),
  weights: fc.constantFrom(
    { response: 30, close: 30, firstTime: 40 },
    { response: 33, close: 33, firstTime: 34 },
  ),
})

describe('an assessment', () => {
  test('live and of every revision is what a recount of the raw events gives', () => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 1, max: 1_000_000 }),
          acts: fc.integer({ min: 60, max: 500 }),
          stepMs: fc.constantFrom(3_600_000, 8 * 3_600_000),
        }),
        fc.array(deliveries, { maxLength: 12 }),
        fc.array(moves, { maxLength: 4 }),
        fc.array(policies, { minLength: 1, maxLength: 3 }),
        fc.array(share, { minLength: 1, maxLength: 4 }),
        (options, counts, moved, set, settled) => {
          const { events } = randomHistory({ ...options, mostOpen: 12, sealing })
          const quarter = quarterOf(events[Math.floor(events.length / 2)]!.metadata.recordedAt)
          const policyOf = ({ share: _, ...more }: Json) => ({ ...defaultPolicy, ...more })
          let log = logOf(events, [
            ...counts.map(({ share: at, dealer, count }) => ({
              share: at,
              stream: `dealer-${dealer}`,
              type: 'DeliveriesSet',
              data: { quarter, count },
            })),
            ...moved.map(({ share: at, dealer, rbo }) => ({
              share: at,
              stream: `dealer-${dealer}`,
              type: 'DealerSet',
              data: { name: dealer, rbo, calendar: null, active: true },
            })),
            ...set.map((policy) => ({
              share: policy.share,
              stream: 'policy',
              type: 'PolicySet',
              data: { effectiveFrom: '2026-01-01T00:00:00.000Z', ...policyOf(policy) },
            })),
            ...settled.map((at) => ({
              share: at,
              stream: `assessment-${quarter}`,
              type: 'QuarterRevised',
              data: {},
            })),
          ])
          log = settle(log, quarter)
          const { views } = viewsOf(log)
          const deps = { views } as unknown as Parameters<typeof answerAssessment>[0]
          const now = log.at(-1)!.metadata.recordedAt
          const compare = (revision: number | 'live', expected: Json): void => {
            const selected = selectAssessment(deps, { quarter, now, revision })
            const answer = answerAssessment(deps, sa, { quarter, selected })
            const found = Object.fromEntries(answer.rbos.map(({ rbo, dealers }) => [rbo, dealers.map(bare)]))
            expect(found).toEqual(
              Object.fromEntries(
                Object.entries(expected).map(([rbo, rows]) => [rbo, listed(rows as Json[])]),
              ),
            )
            const all = Object.values(expected).flat() as Json[]
            const { rows, totals } = rankingOf(deps, sa, { quarter, selected })
            expect(rows.map(({ dealer, rank, rankInRbo }) => [dealer, rank, rankInRbo])).toEqual(
              listed(all.map((row) => ({ ...row, rank: rankInBrand(row, all), rankInRbo: row.rank }))).map(
                (row) => [row.dealer, row.rank, row.rankInRbo],
              ),
            )
            expect(totals.total).toBe(all.reduce((sum, { total }) => sum + total, 0))
            for (const { outcome } of answer.rbos.flatMap(({ dealers }) => dealers))
              seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
          }
          compare('live', assessmentModel(log, { quarter, asOf: now }).rows)
          for (const { revision, rows } of revisionsOf(log, quarter)) compare(revision, rows)
          views.close()
          removeFiles()
        },
      ),
      { numRuns: 150 },
    )
    for (const outcome of ['reward', 'penalty', 'none', 'unranked', 'tie_unresolved'])
      expect([outcome, (seen.get(outcome) ?? 0) > 10]).toEqual([outcome, true])
  })
})

const bare = ({ dealer, total, score, deliveries: cars, rank, outcome, amount }: Json) => ({
  dealer,
  total,
  score,
  deliveries: cars,
  rank,
  outcome,
  amount,
})

/** By rank, the unranked last, then by code. */
const listed = (rows: Json[]): Json[] =>
  [...rows].sort((a, b) => (a.rank ?? 1_000) - (b.rank ?? 1_000) || (a.dealer < b.dealer ? -1 : 1))

/** One more than the dealers that are better: by score, then by deliveries where those of all who have that score are known. */
const rankInBrand = ({ score, deliveries: cars }: Json, all: readonly Json[]): number | null => {
  if (score === null) return null
  const same = all.filter((other) => other.score === score)
  const isKnown = same.every((other) => other.deliveries !== null)
  const better = all.filter((other) => other.score !== null && other.score > score).length
  return 1 + better + (isKnown ? same.filter((other) => other.deliveries > cars).length : 0)
}

/** What each revision must say, from the log up to it. */
const revisionsOf = (log: readonly StoredEvent[], quarter: string) => {
  let counted: { place: number; event: StoredEvent } | undefined
  const decisions: Json[] = []
  return log.flatMap((event, place) => {
    if (event.stream !== `assessment-${quarter}`) return []
    if (event.type === 'TieDecided') decisions.push(event.data)
    else counted = { place, event }
    const { place: end, event: base } = counted as { place: number; event: StoredEvent }
    const { policyVersion } = base.data as { policyVersion: number }
    const settled = { decisions: [...decisions] }
    const wanted = { quarter, asOf: base.metadata.recordedAt, settled, policyVersion }
    return [{ revision: event.version, ...assessmentModel(log.slice(0, end), wanted) }]
  })
}

/** Makes the marks of a log revisions as the service would: by the policy in force, each followed by a decision on a tie. */
const settle = (marked: readonly StoredEvent[], quarter: string): StoredEvent[] => {
  let log: StoredEvent[] = []
  for (const event of marked) {
    if (event.stream !== `assessment-${quarter}`) {
      log.push(event)
      continue
    }
    const before = numbered(log)
    const { recordedAt } = event.metadata
    const { policy } = assessmentModel(before, { quarter, asOf: recordedAt })
    const policyVersion =
      1 + before.filter(({ type }) => type === 'PolicySet').findIndex(({ data }) => data === policy)
    const isFirst = !log.some(({ stream }) => stream === event.stream)
    const type = isFirst ? 'QuarterFrozen' : 'QuarterRevised'
    log.push({ ...event, type, data: { policyVersion, ...(isFirst ? {} : { reason: 'once more' }) } })
    log = numbered(log)
    const { rows, policy: its } = revisionsOf(log, quarter).at(-1)!
    for (const [rbo, all] of Object.entries(rows)) {
      const tied = all.filter(({ outcome }) => outcome === 'tie_unresolved')
      if (tied.length === 0 || event.version % 2 === 0) continue
      const seats = its.rewardTop - ((tied[0]!.rank as number) - 1)
      const codes = tied.map(({ dealer }) => dealer)
      const data = { policyVersion, rbo, tied: codes, rewarded: codes.slice(-seats), reason: 'by lot' }
      log.push({ ...event, type: 'TieDecided', data })
    }
  }
  return numbered(log)
}
