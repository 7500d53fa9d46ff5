/**
 * Given, when, then on a ticket: real `fold`, `authorise` and `decide`, exact events in order. Every event that
 * goes in or comes out is parsed by its schema, so that builders, deciders and schemas cannot drift apart.
 *
 * The story begins on Monday 2026-03-02 at 10:00 in Shanghai with ticket T1 at dealer D001 of RBO EAST; times
 * are Shanghai's clock, `2026-03-02 10:00`. Its events and commands are in `test/domain/ticket/`.
 */
import { expect } from '@jest/globals'
import type { RecordMetadata } from '../../domain/aggregate.ts'
import type { Actor, Role } from '../../domain/authority.ts'
import type { Dealer, Master, Rbo } from '../../domain/master.ts'
import { defaultPolicy, type Policy } from '../../domain/policy.ts'
import { Refusal, type RefusalCode } from '../../domain/refusal.ts'
import type { SealedText } from '../../domain/sealed.ts'
import { authorise } from '../../domain/ticket/commandRules.ts'
import type { TicketCommand } from '../../domain/ticket/commands.ts'
import { decide } from '../../domain/ticket/decide.ts'
import { type TicketEvent, ticketEventData } from '../../domain/ticket/events.ts'
import { fold } from '../../domain/ticket/evolve.ts'
import type { Ticket } from '../../domain/ticket/state.ts'
import { cn, instant, xinjiang } from '../domain/calendar/fixtures.ts'

export { instant }
export const sealed = (text: string): SealedText => `v1.s1.${text}` as SealedText

/** Monday, 2026-03-02 10:00 in Shanghai: when T1 is registered. */
export const start = '2026-03-02 10:00'

// --- master data

const dealers: Dealer[] = [
  { code: 'D001', name: '上海一店', rbo: 'EAST', calendar: 'CN', active: true },
  { code: 'D002', name: '上海二店', rbo: 'EAST', calendar: 'CN', active: true },
  { code: 'D003', name: '北京一店', rbo: 'NORTH', calendar: 'CN', active: true },
  { code: 'D004', name: '乌鲁木齐一店', rbo: 'WEST-XJ', calendar: 'CN-XJ', active: true },
  { code: 'D009', name: '苏州停业店', rbo: 'EAST', calendar: 'CN', active: false },
]
const rbos: Rbo[] = [
  { code: 'EAST', name: '华东', calendar: 'CN' },
  { code: 'NORTH', name: '华北', calendar: 'CN' },
  { code: 'WEST-XJ', name: '新疆', calendar: 'CN-XJ' },
]

/** Official calendars `CN` (version 3) and `CN-XJ` (5), policy version 4; `policy` changes values and the version. */
export const masterWith = (
  policy: Partial<Policy> & { version?: number } = {},
  timetables = { CN: cn, 'CN-XJ': xinjiang },
): Master => {
  const { version = 4, ...values } = policy
  return {
    policy: { version, values: { ...defaultPolicy, ...values } },
    dealer: (code) => dealers.find((each) => each.code === code) ?? null,
    rbo: (code) => rbos.find((each) => each.code === code) ?? null,
    calendar: (id) =>
      id === 'CN-XJ'
        ? { id, version: 5, timetable: timetables['CN-XJ'] }
        : { id, version: 3, timetable: timetables.CN },
  }
}
export const master = masterWith()

// --- people

export const of = (...roles: Role[]): Actor => ({ id: `a ${roles.join('+')}`, roles })
export const dealer = (code = 'D001'): Actor => ({ ...of('dealer'), dealer: code })
export const rbo = (code = 'EAST'): Actor => ({ ...of('rbo'), rbo: code })

// --- given, when, then

type RecordedTicketEvent = TicketEvent & { metadata: RecordMetadata }
type GivenEvents = TicketEvent | RecordedTicketEvent | RecordedTicketEvent[]

/** Asserts that an event is as its schema says, no field more or less. */
const valid = ({ type, data }: TicketEvent): void =>
  expect([type, ticketEventData[type].parse(data)]).toStrictEqual([type, data])

/** Events of that moment; those given plain are of `start`. */
export const on = (time: string, ...events: TicketEvent[]): RecordedTicketEvent[] =>
  events.map((each) => ({
    ...each,
    metadata: { recordedAt: instant(time), actor: { id: 'somebody', role: 'csr' } },
  }))

const history = (events: GivenEvents[]): RecordedTicketEvent[] =>
  events.flatMap((each) => (Array.isArray(each) ? each : 'metadata' in each ? each : on(start, each)))

/** The ticket after these events. */
export const ticketAfter = (...events: GivenEvents[]): Ticket => {
  const happened = history(events)
  for (const each of happened) valid(each)
  return fold(happened) as Ticket
}

const outcomeOf = (act: () => TicketEvent[]): TicketEvent[] | Refusal => {
  try {
    return act()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

export const given = (...events: GivenEvents[]) => givenWith(master, ...events)

/** The same with master data of its own. */
export const givenWith = (known: Master, ...events: GivenEvents[]) => ({
  when: (command: TicketCommand) => {
    const ticket = events.length === 0 ? null : ticketAfter(...events)
    const outcome = outcomeOf(() => {
      authorise(ticket, command)
      return decide(ticket, command, { master: known, now: command.now })
    })
    const then = (...expected: TicketEvent[]): void => {
      expect(outcome).toStrictEqual(expected)
      for (const each of outcome as TicketEvent[]) valid(each)
    }
    return {
      then,
      thenNothing: () => then(),
      thenRefused: (code: RefusalCode, pointer?: string): void => {
        expect(outcome).toBeInstanceOf(Refusal)
        const { code: refusedAs, pointer: pointed } = outcome as Refusal
        expect([refusedAs, pointed]).toEqual([code, pointer])
      },
      /** What else the refusal says. */
      refusal: () => outcome as Refusal,
      /** What came of it. */
      events: (): TicketEvent[] => {
        if (outcome instanceof Refusal) throw outcome
        return outcome
      },
      /** The ticket after what came of it. */
      ticket: (): Ticket => {
        if (outcome instanceof Refusal) throw outcome
        const who = { recordedAt: command.now, actor: { id: command.actor.id, role: 'csr' } }
        const more = outcome.map((each) => ({ ...each, metadata: who }))
        return fold([...history(events), ...more]) as Ticket
      },
    }
  },
})
