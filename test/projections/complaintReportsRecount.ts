/** The figures of the reports on complaints and warnings, counted again from the raw events, as plain as can be. */
import type { StoredEvent } from '../../domain/eventStore.ts'
import { HOUR, toEpoch } from '../../domain/instant.ts'
import type { TicketEvent } from '../../domain/ticket/events.ts'
import { periodKeys } from './kpiExpected.ts'

type Event = TicketEvent & { metadata: StoredEvent['metadata'] }
type ReportQuery = { from: string; to: string; asOf: string; rbo?: string[]; dealer?: string[] }
type Words = Record<string, string | null>

type ComplaintFacts = {
  words: Words
  registered: string
  isOver: boolean
  noticeDue: string
  informed: string | null
  closed: { cause: string | null; goodwill: number; due: string } | null
  callbacks: { at: string; outcome: string; score: number | null }[]
  warnings: Map<string, WarningFacts>
}
type WarningFacts = {
  code: string
  sentTo: string
  raised: string
  due: string
  acknowledged: string | null
  resolved: boolean
}

/** A ticket after its events; the events that change nothing the reports count are passed over. */
const told = (events: readonly Event[]): ComplaintFacts | null => {
  let known: ComplaintFacts | null = null
  let responsible: string | null = null
  for (const { type, data, metadata } of events) {
    const at = metadata.recordedAt
    if (type === 'TicketRegistered') {
      const { level, category, channel, source, dealer } = data
      known = {
        words: { level, category, channel, source, dealer, tier: null, rbo: null },
        registered: at,
        isOver: false,
        noticeDue: data.consumerNoticeDueAt,
        informed: null,
        closed: null,
        callbacks: [],
        warnings: new Map(),
      }
    }
    if (known === null) continue
    const { words, warnings } = known
    switch (type) {
      case 'TicketDispatched':
        Object.assign(words, { tier: data.tier, rbo: data.rbo, dealer: responsible ?? data.dealer })
        break
      case 'TicketReclassified':
        Object.assign(words, {
          category: data.category,
          level: data.level,
          source: data.source ?? words.source,
        })
        break
      case 'ConvertedToC':
        Object.assign(words, { category: 'C4', level: 'C' })
        break
      case 'ResponsibleDealerNamed':
        responsible = data.dealer
        Object.assign(words, { dealer: responsible, rbo: words.rbo ?? data.rbo })
        break
      case 'WorkRecorded':
        if (data.kind === 'consumer_informed') known.informed ??= at
        break
      case 'TicketClosed':
        known.closed = {
          cause: data.rootCauseCode,
          goodwill: data.goodwill?.amount ?? 0,
          due: data.callbackDueAt,
        }
        break
      case 'CallbackRecorded':
        known.callbacks.push({ at, outcome: data.outcome, score: data.score ?? null })
        break
      case 'WarningRaised':
        warnings.set(data.warningId, {
          code: data.code,
          sentTo: data.sentTo.unit,
          raised: at,
          due: data.ackDueAt,
          acknowledged: null,
          resolved: false,
        })
        break
      case 'WarningAcknowledged':
      case 'WarningResolved': {
        const warning = warnings.get(data.warningId) as WarningFacts
        warning.acknowledged ??= at
        if (type === 'WarningResolved') warning.resolved = true
        break
      }
      case 'DeadlinesRecalculated':
        if (data.consumerNotice !== undefined) known.noticeDue = data.consumerNotice.dueAt
        for (const { warningId, dueAt } of data.warnings ?? [])
          (warnings.get(warningId) as WarningFacts).due = dueAt
        break
      case 'TicketRescinded':
      case 'MarkedDuplicate':
        known.isOver = true
        break
      case 'DuplicateUndone':
        known.isOver = false
    }
  }
  return known
}

const percent = (part: number, of: number): number | null =>
  of === 0 ? null : Number((Math.round((part / of) * 10_000 + 1e-7) / 100).toFixed(2))

const inTime = (verdicts: string[]) => {
  const [met, failed, pending] = ['met', 'failed', 'pending'].map(
    (each) => verdicts.filter((verdict) => verdict === each).length,
  ) as [number, number, number]
  return { met, failed, pending, rate: percent(met, verdicts.length) }
}

/** The policy's default: three attempts in vain, each two hours after the one that counted before. */
const isGivenUp = (callbacks: ComplaintFacts['callbacks']): boolean => {
  let [counted, free] = [0, 0]
  for (const { at, outcome } of callbacks)
    if (outcome === 'unreachable' && toEpoch(at) >= free) {
      counted += 1
      free = toEpoch(at) + 2 * HOUR
    }
  return counted >= 3
}

const resultOf = ({ callbacks, closed }: ComplaintFacts, asOf: string): string => {
  const answered = callbacks.filter(({ outcome }) => outcome !== 'unreachable').at(-1)
  if (answered !== undefined) return answered.outcome
  if (isGivenUp(callbacks)) return 'unreachable'
  return (closed as { due: string }).due <= asOf ? 'overdue' : 'pending'
}

const grouped = <T extends { words: Words }, R>(items: T[], by: string, row: (items: T[]) => R) => ({
  rows: [...Map.groupBy(items, ({ words }) => words[by] as string | null)]
    .sort(([a], [b]) => ((a ?? '\uFFFF') < (b ?? '\uFFFF') ? -1 : 1))
    .map(([key, own]) => ({ key, ...row(own) })),
  totals: row(items),
})

export const recountReports = (events: readonly StoredEvent[], asked: ReportQuery) => {
  const { from, to, asOf } = asked
  const known = events.filter(
    ({ metadata, stream }) => metadata.recordedAt <= asOf && stream.startsWith('ticket-'),
  )
  const tickets = [...Map.groupBy(known, ({ stream }) => stream).values()]
    .flatMap((own) => told(own as unknown as Event[]) ?? [])
    .filter(({ isOver }) => !isOver)
    .filter(({ words }) =>
      (['rbo', 'dealer'] as const).every((unit) => asked[unit]?.includes(words[unit] ?? '') ?? true),
    )
  const withPeriod = <T extends { words: Words }>(each: T, at: string): T => ({
    ...each,
    words: { ...each.words, ...periodKeys(at) },
  })
  const isIn = (at: string): boolean => from <= at && at < to
  const complaints = tickets
    .filter(({ registered }) => isIn(registered))
    .map((each) => withPeriod(each, each.registered))
  const closed = complaints.filter((each) => each.closed !== null)
  const warnings = tickets.flatMap(({ words, warnings: own }) =>
    [...own.values()]
      .filter(({ raised }) => isIn(raised))
      .map(({ code, sentTo, ...each }) =>
        withPeriod({ ...each, words: { ...words, code, sentTo } }, each.raised),
      ),
  )

  const causesOf = (own: ComplaintFacts[]) => {
    const causes = [...Map.groupBy(own, (each) => each.closed?.cause ?? null)].map(([code, its]) => ({
      code,
      complaints: its.length,
      goodwill: its.reduce((sum, each) => sum + (each.closed?.goodwill ?? 0), 0),
    }))
    return {
      closed: own.length,
      goodwill: causes.reduce((sum, { goodwill }) => sum + goodwill, 0),
      causes: causes.sort(
        (a, b) => b.complaints - a.complaints || ((a.code ?? '\uFFFF') < (b.code ?? '\uFFFF') ? -1 : 1),
      ),
    }
  }
  return {
    satisfaction: (by: string) =>
      grouped(complaints, by, (all) => {
        const own = all.filter((each) => each.closed !== null)
        const results = own.map((each) => resultOf(each, asOf))
        const of = (result: string): number => results.filter((each) => each === result).length
        const scores = own.flatMap(({ callbacks }) => callbacks.flatMap(({ score }) => score ?? []))
        const sum = scores.reduce((a, b) => a + b, 0)
        const mean =
          scores.length === 0
            ? null
            : Number((Math.round((sum / scores.length) * 100 + 1e-9) / 100).toFixed(2))
        const kinds = ['satisfied', 'dissatisfied', 'declined', 'unreachable', 'pending', 'overdue']
        return {
          closed: own.length,
          outcomes: Object.fromEntries(kinds.map((each) => [each, of(each)])),
          satisfactionRate: percent(of('satisfied'), of('satisfied') + of('dissatisfied')),
          scores: { count: scores.length, mean },
        }
      }),
    notices: (by: string) =>
      grouped(complaints, by, (own) => ({
        complaints: own.length,
        notice: inTime(
          own.map(({ informed, noticeDue }) =>
            informed !== null && informed < noticeDue ? 'met' : noticeDue <= asOf ? 'failed' : 'pending',
          ),
        ),
      })),
    causes: (by: string) => {
      // a key whose complaints are all open has no causes
      const { rows } = grouped(complaints, by, (own) => causesOf(own.filter((each) => each.closed !== null)))
      return { rows, totals: causesOf(closed) }
    },
    warnings: (by: string) =>
      grouped(warnings, by, (own) => ({
        raised: own.length,
        acknowledged: inTime(
          own.map(({ acknowledged, due }) =>
            acknowledged !== null && acknowledged <= due ? 'met' : due < asOf ? 'failed' : 'pending',
          ),
        ),
        resolved: own.filter(({ resolved }) => resolved).length,
        unresolved: own.filter(({ resolved }) => !resolved).length,
      })),
    /** The dealers of the complaints. */
    dealers: complaints.map(({ words }) => words.dealer as string | null),
  }
}
