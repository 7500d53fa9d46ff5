/** What reports count of complaints: how content customers are, who was told in time, and what the causes were (rulebook §5, §11). */
import { byKeys, type CountedBy, type CountedComplaint, createKeyOf } from './statistics.ts'
import {
  type CallbackResult,
  type CallbackRule,
  callbackResult,
  callbackResults,
} from './ticket/callbacks.ts'
import { type Counts, closeTimes, rateOf, verdictAt } from './ticket/measures.ts'
import { meanOf } from './weightTally.ts'

/** Percent with two decimals, half up, from integers; `null` of none. */
export const shareOf = (part: number, of: number): number | null =>
  rateOf({ met: part, failed: of - part, pending: 0 })

/** Counts of one kind, that complaints or warnings are added to. */
export type GroupCounter<Item, Counted> = { add(item: Item): void; counts(): Counted }

/** The rows of a report by the keys of one dimension, in their order, and all of them together. */
export type ReportRows<Counted> = { rows: ({ key: string | null } & Counted)[]; totals: Counted }

/** Counts items by what `keyOf` finds; what has no key comes last. */
export const rowsByKey = <Item, Counted>(
  keyOf: (item: Item) => string | null,
  newCounter: () => GroupCounter<Item, Counted>,
): { add(item: Item): void; done(): ReportRows<Counted> } => {
  const counters = new Map<string | null, GroupCounter<Item, Counted>>()
  const totals = newCounter()
  return {
    add: (item) => {
      const key = keyOf(item)
      let counter = counters.get(key)
      if (counter === undefined) {
        counter = newCounter()
        counters.set(key, counter)
      }
      counter.add(item)
      totals.add(item)
    },
    done: () => ({
      rows: [...counters]
        .sort(([a], [b]) => byKeys({ keys: [a] }, { keys: [b] }))
        .map(([key, counter]) => ({ key, ...counter.counts() })),
      totals: totals.counts(),
    }),
  }
}

/** Complaints by a dimension. */
export const complaintRows = <Counted>(
  by: CountedBy,
  newCounter: () => GroupCounter<CountedComplaint, Counted>,
) => {
  const keyOf = createKeyOf()
  return rowsByKey((complaint: CountedComplaint) => keyOf(complaint, by), newCounter)
}

export type Satisfaction = {
  /** Complaints that are closed. */
  closed: number
  outcomes: Record<CallbackResult, number>
  /** Percent of the satisfied among those who said whether they are. */
  satisfactionRate: number | null
  /** Of all callbacks that count; `mean` with two decimals. */
  scores: { count: number; mean: number | null }
}

/** What callbacks found out at `asOf`, epoch ms. */
export const satisfactionCounter =
  (rule: CallbackRule, asOf: number) => (): GroupCounter<CountedComplaint, Satisfaction> => {
    const outcomes = Object.fromEntries(
      callbackResults.map((result) => [result, 0]),
    ) as Satisfaction['outcomes']
    let [closed, scores, scoreSum] = [0, 0, 0]
    return {
      add: ({ calls, weight }) => {
        if (calls === null) return
        closed += 1
        outcomes[callbackResult(calls, rule, asOf)] += 1
        scores += weight.scores
        scoreSum += weight.scoreSum
      },
      counts: () => ({
        closed,
        outcomes,
        satisfactionRate: shareOf(outcomes.satisfied, outcomes.satisfied + outcomes.dissatisfied),
        scores: { count: scores, mean: meanOf(scoreSum, scores) },
      }),
    }
  }

/** Of something with a due: how many were done in time, and the percentage. */
export type InTime = Counts & { rate: number | null }

export const inTime = (counts: Counts): InTime => ({ ...counts, rate: rateOf(counts) })

export type Notices = { complaints: number; notice: InTime }

/** Who was told of receipt and handling before the due, at `asOf`, epoch ms. */
export const noticeCounter = (asOf: number) => (): GroupCounter<CountedComplaint, Notices> => {
  const counts = { met: 0, failed: 0, pending: 0 }
  return {
    add: ({ notice: { dueAt, informedAt } }) => {
      // the due is the first instant that is too late, as that of closing
      counts[verdictAt(closeTimes(dueAt, informedAt), asOf)] += 1
    },
    counts: () => ({
      complaints: counts.met + counts.failed + counts.pending,
      notice: inTime(counts),
    }),
  }
}

export type Causes = {
  /** Complaints that are closed. */
  closed: number
  /** The most frequent first, then by code; `null`: closed without one. `goodwill`: whole CNY. */
  causes: { code: string | null; complaints: number; goodwill: number }[]
  goodwill: number
}

/** By what cause complaints were closed. */
export const causeCounter = (): GroupCounter<CountedComplaint, Causes> => {
  const causes = new Map<string | null, { complaints: number; goodwill: number }>()
  let [closed, goodwill] = [0, 0]
  return {
    add: ({ calls, rootCauseCode, weight }) => {
      if (calls === null) return
      const known = causes.get(rootCauseCode) ?? { complaints: 0, goodwill: 0 }
      causes.set(rootCauseCode, {
        complaints: known.complaints + 1,
        goodwill: known.goodwill + weight.goodwill,
      })
      closed += 1
      goodwill += weight.goodwill
    },
    counts: () => ({
      closed,
      goodwill,
      causes: [...causes]
        .map(([code, counts]) => ({ code, ...counts }))
        .sort((a, b) => b.complaints - a.complaints || byKeys({ keys: [a.code] }, { keys: [b.code] })),
    }),
  }
}
