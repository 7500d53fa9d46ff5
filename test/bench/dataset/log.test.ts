/** The bench measures what the service could have written itself. */
import { describe, expect, test } from '@jest/globals'
import { states } from '../../../domain/codes.ts'
import type { Master } from '../../../domain/master.ts'
import { type TicketEvent, type TicketEventType, ticketEventData } from '../../../domain/ticket/events.ts'
import { fold } from '../../../domain/ticket/evolve.ts'
import { followUpOf } from '../../../domain/ticket/followUps.ts'
import { fakeSealing } from '../../support/fakeSealing.ts'
import { masterWith } from '../../support/given.ts'
import { makeLog } from './log.ts'
import { dealers } from './network.ts'
import type { Append } from './recorder.ts'

const dealerOf = new Map(
  dealers.map(({ code, name, rbo, calendar }) => [
    code,
    { code, name, rbo: rbo.code, calendar, active: true },
  ]),
)
const rboOf = new Map(dealers.map(({ rbo }) => [rbo.code as string, rbo]))
const master: Master = {
  ...masterWith(),
  dealer: (code) => dealerOf.get(code) ?? null,
  rbo: (code) => rboOf.get(code) ?? null,
}
const period = { from: '2025-01-01T00:00:00.000Z', until: '2025-07-01T00:00:00.000Z' }

const logOf = (tickets: number, share = { nth: 0, of: 1 }): Append[] => {
  const made: Append[] = []
  let subjects = 0
  const createSubject = (): string => `s${++subjects}`
  makeLog({ master, sealing: fakeSealing().sealing, createSubject, tickets, share, ...period }, (append) => {
    if (append.events.length > 0) made.push(append)
  })
  return made
}
const log = logOf(2_000)
const events = log.flatMap((append) => append.events)
type Event = TicketEvent & Append['events'][number]

describe("the bench's log", () => {
  test('is the same every time', () => {
    expect(logOf(200)).toEqual(logOf(200))
  })

  test('made in two shares has other tickets at other times in each', () => {
    const [one, other] = [0, 1].map((nth) => logOf(200, { nth, of: 2 })) as [Append[], Append[]]
    const namesOf = (made: readonly Append[]): string[] =>
      made.flatMap(({ stream, events: of }) => [stream, ...of.map(({ id }) => id)])
    const names = new Set(namesOf(one))
    expect(namesOf(other).filter((name) => names.has(name))).toEqual([])
    expect(one[0]!.events[0]!.metadata.recordedAt < other[0]!.events[0]!.metadata.recordedAt).toBe(true)
  })

  test('is in order of time and ends before its last instant', () => {
    const times = events.map(({ metadata }) => metadata.recordedAt)
    expect(times).toEqual(times.toSorted())
    expect(times.at(-1)! < period.until).toBe(true)
  })

  test('has every event in the form the service reads, at the next version of its stream', () => {
    const versions = new Map<string, number>()
    const misplaced = log.filter(({ stream, version, events: made }) => {
      const before = versions.get(stream) ?? 0
      versions.set(stream, version + made.length)
      return before !== version
    })
    const malformed = events.filter(
      ({ type, data }) => !ticketEventData[type as TicketEventType].safeParse(data).success,
    )
    expect({ misplaced, malformed }).toEqual({ misplaced: [], malformed: [] })
  })

  test('leaves no act on two tickets half done', () => {
    const caused = new Set(events.map(({ metadata }) => metadata.causationId))
    const asking = log.flatMap(({ stream, events: made }) =>
      made.filter((event) => followUpOf(stream, event as Event) !== null),
    )
    expect(asking.length).toBeGreaterThan(100)
    expect(asking.filter(({ id }) => !caused.has(id))).toEqual([])
  })

  test('has tickets in every state and of every level, repeats of repeats, and about ten events a ticket', () => {
    const byStream = Map.groupBy(log, ({ stream }) => stream)
    const tickets = [...byStream.values()].map(
      (appends) => fold(appends.flatMap((append) => append.events) as Event[])!,
    )
    expect(new Set(tickets.map(({ state }) => state))).toEqual(new Set(Object.keys(states)))
    expect(new Set(tickets.map(({ level }) => level))).toEqual(new Set(['A', 'B', 'C']))
    expect(tickets.some(({ ordinal }) => ordinal === 3)).toBe(true)
    expect(events.length / tickets.length).toBeGreaterThan(9)
    expect(events.length / tickets.length).toBeLessThan(11)
  })
})
