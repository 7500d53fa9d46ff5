/** The acts that the console offers are those that the domain lets the user do, in every state and for every role. */
import { describe, expect, it } from '@jest/globals'
import {
  letterKindsFor,
  mayAttach,
  mayRemoveAttachment,
  maySettle,
  recordKindsFor,
  rights,
} from '../../api/console/page/acts/rights.ts'
import type { Me } from '../../api/console/page/session/claims.ts'
import { type Actor, type Role, roles } from '../../domain/authority.ts'
import { letterKindSchema, recordKindSchema } from '../../domain/codes.ts'
import { Refusal } from '../../domain/refusal.ts'
import { mayAt, placeOf } from '../../domain/scope.ts'
import { authorise } from '../../domain/ticket/commandRules.ts'
import type { TicketCommand } from '../../domain/ticket/commands.ts'
import { decide } from '../../domain/ticket/decide.ts'
import { currentAssignment, currentResponsibility, type Ticket } from '../../domain/ticket/state.ts'
import * as ask from '../domain/ticket/commands.ts'
import * as happened from '../domain/ticket/events.ts'
import { dealer, instant, master, of, on, rbo, sealed, ticketAfter } from '../support/given.ts'

const { registered, dispatched, responded, closed, responsibleNamed, toMedia } = happened
const registeredB = registered({ category: 'B4', level: 'B', source: 'media', dealer: null })
const done = [responded(), ...on('2026-03-03 10:00', closed())]

/** Every state, holder and level that an act could look at. */
const tickets: Record<string, Ticket> = {
  'unhandled at a dealer': ticketAfter(registered(), dispatched()),
  'in progress at a dealer, claimed': ticketAfter(
    registered(),
    dispatched(),
    responded(),
    happened.claimed(),
  ),
  'claimed by somebody else': ticketAfter(
    registered(),
    dispatched(),
    happened.claimed({ assignee: 'other' }),
  ),
  'unhandled at an RBO': ticketAfter(registered({ category: 'A4b' }), happened.toRbo()),
  'in progress at the SE': ticketAfter(
    registered({ category: 'A4b', ordinal: 2 }),
    happened.toSe(),
    responded({ unit: 'SE' }),
  ),
  completed: ticketAfter(registered(), dispatched(), ...done),
  'completed and repeated': ticketAfter(registered(), dispatched(), ...done, happened.repeatLinked()),
  rescinded: ticketAfter(registered(), dispatched(), happened.rescinded()),
  'a duplicate': ticketAfter(registered(), dispatched(), happened.markedDuplicate()),
  'B, unhandled': ticketAfter(registeredB, toMedia()),
  'B, in progress, with a responsible dealer': ticketAfter(
    registeredB,
    toMedia(),
    responded({ unit: 'SE_MEDIA' }),
    responsibleNamed(),
  ),
  'B, completed': ticketAfter(
    registeredB,
    toMedia(),
    responded({ unit: 'SE_MEDIA' }),
    ...on('2026-03-03 10:00', closed()),
  ),
  C: ticketAfter(
    registeredB,
    toMedia(),
    responded({ unit: 'SE_MEDIA' }),
    ...on('2026-03-12 10:00', happened.convertedToC()),
  ),
}

const people: Actor[] = [
  ...(Object.keys(roles) as Role[])
    .filter((role) => role !== 'dealer' && role !== 'rbo')
    .map((role) => of(role)),
  dealer(),
  dealer('D002'),
  rbo(),
  rbo('NORTH'),
  { ...of('dealer', 'csr'), dealer: 'D001' },
]

const later = (time: string): Ticket =>
  ticketAfter(...on(time, registered({ ticketNo: 'T2', receivedAt: instant(time) }), dispatched()))

type RightsCase = { ticket: Ticket; actor: Actor; now: string }

/** A command that would be done, if the user may do the act at all. */
const commands: Record<keyof typeof rights, (asked: RightsCase) => TicketCommand> = {
  responses: ({ now, actor }) => ask.respond(now, { actor }),
  records: ({ now, actor }) => ask.record(now, 'investigation', actor),
  close: ({ now, actor }) => ask.close(now, { actor }),
  claim: ({ now, actor }) => ask.claim(now, { actor, assignee: 'a colleague' }),
  release: ({ now, actor }) => ask.release(now, { actor }),
  contacts: ({ now, actor }) => ask.contact(now, { actor }),
  callbacks: ({ now, actor }) => ask.callBack(now, { actor }),
  redispatch: ({ now, actor, ticket }) =>
    ask.redispatch(now, {
      actor,
      to: currentAssignment(ticket).tier === 'se' ? { dealerCode: 'D002' } : { tier: 'se' },
    }),
  reclassify: ({ now, actor, ticket }) =>
    ask.reclassify(now, { actor, category: ticket.category === 'A4d' ? 'A4a' : 'A4d' }),
  warnings: ({ now, actor }) => ask.warnByHand(now, { actor, code: 'W6' }),
  'responsible-dealer': ({ now, actor }) => ask.nameResponsible(now, { actor, dealerCode: 'D002' }),
  'convert-to-c': ({ now, actor }) => ask.convert(now, { actor }),
  'repeat-link': ({ now, actor }) => ask.linkRepeat(now, later(now), actor),
  'repeat-unlink': ({ now, actor, ticket }) =>
    ask.unlinkRepeat(now, { actor, repeat: ticket.escalatedTo ?? 'T2' }),
  rescind: ({ now, actor }) => ask.rescind(now, { actor }),
  'duplicate-of': ({ now, actor }) => ask.markDuplicate(now, later(now), actor),
  'duplicate-undo': ({ now, actor }) => ask.undoDuplicate(now, { actor }),
  recalculate: ({ now, actor }) => ask.recalculate(now, { actor }),
  weight: ({ now, actor }) => ask.weigh(now, { actor, severity: 'high' }),
  correct: ({ now, actor }) => ask.correct(now, { actor }),
}

/** What the domain makes of it; `null`: it refuses. */
const outcome = (ticket: Ticket, command: TicketCommand): unknown[] | null => {
  try {
    authorise(ticket, command)
    return decide(ticket, command, { master, now: command.now })
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

const meOf = ({ id, roles: held, dealer: of, rbo: at }: Actor): Me => ({
  sub: id,
  roles: held,
  dealer: of ?? null,
  rbo: at ?? null,
  expiresAt: 0,
})

const caseOf = (ticket: Ticket) => {
  const { tier, unit, startedAt, clocks } = currentAssignment(ticket)
  return {
    state: ticket.state,
    level: ticket.level,
    holder: { tier, unit },
    dealer: ticket.dealer,
    rbo: ticket.rbo,
    responsibleDealer: currentResponsibility(ticket)?.unit ?? null,
    assignee: ticket.assignee,
    closeDueAt: clocks.closeDueAt,
    dispatchedAt: startedAt,
    escalatedTo: ticket.escalatedTo,
  }
}

const times = ['2026-03-04 11:00', '2026-03-12 11:00']

describe.each(Object.entries(tickets))('a ticket %s', (_, ticket) => {
  it.each(Object.entries(commands))('is offered %s to exactly those who may', (name, commandOf) => {
    for (const actor of people)
      for (const now of times) {
        // outside the repeat window the link is refused by its dates, which the page does not know
        if (name === 'repeat-link' && now > '2026-03-11') continue
        const offered =
          name === 'records'
            ? recordKindsFor(caseOf(ticket), meOf(actor), Date.parse(instant(now))).includes('investigation')
            : rights[name as keyof typeof rights](caseOf(ticket), meOf(actor), Date.parse(instant(now)))
        const events = outcome(ticket, commandOf({ ticket, actor, now }))
        // releasing what nobody claimed is allowed and does nothing, so it is not offered
        const may = events !== null && !(name === 'release' && events.length === 0)
        expect([name, actor.id, now, offered]).toEqual([name, actor.id, now, may])
      }
  })

  it('is offered exactly the kinds of records that may be added', () => {
    for (const actor of people)
      for (const now of times) {
        const may = recordKindSchema.options.filter(
          (kind) => outcome(ticket, ask.record(now, kind, actor)) !== null,
        )
        const offered = recordKindsFor(caseOf(ticket), meOf(actor), Date.parse(instant(now)))
        expect([actor.id, offered.toSorted()]).toEqual([actor.id, may.toSorted()])
      }
  })
})

/** Letters and attachments are no acts of the table, so they are told apart by what each holds. */
describe.each(Object.entries(tickets))('of a ticket %s', (_, ticket) => {
  const at = (actor: Actor) => ({ now: instant('2026-03-04 11:00'), actor, text: sealed('words') })

  it('letters are offered to exactly those who may write them', () => {
    for (const actor of people) {
      const may = letterKindSchema.options.filter(
        (kind) => outcome(ticket, { type: 'WriteLetter', kind, ...at(actor) }) !== null,
      )
      expect([actor.id, letterKindsFor(caseOf(ticket), meOf(actor))]).toEqual([actor.id, may])
    }
  })

  it('attachments are offered to those who see the customer, and their removal to those who may', () => {
    const attachment = { attachmentId: 'a', mediaType: 'text/plain' as const, bytes: 1 }
    const withOne: Ticket = {
      ...ticket,
      attachments: [
        { ...attachment, text: sealed('words'), addedAt: instant('2026-03-03 10:00'), addedBy: 'x' },
      ],
    }
    for (const actor of people) {
      const adds =
        mayAt(actor, 'attach', placeOf(ticket)) &&
        outcome(ticket, { type: 'AddAttachment', ...attachment, ...at(actor) }) !== null
      const removes = outcome(withOne, { type: 'RemoveAttachment', attachmentId: 'a', ...at(actor) }) !== null
      const offered = [
        mayAttach(caseOf(ticket), meOf(actor)),
        mayRemoveAttachment(caseOf(ticket), meOf(actor)),
      ]
      expect([actor.id, ...offered]).toEqual([actor.id, adds, removes])
    }
  })
})

describe('a warning', () => {
  const open = happened.warned()
  it.each([
    ['open', ticketAfter(registered(), dispatched(), open)],
    ['acknowledged', ticketAfter(registered(), dispatched(), open, happened.acknowledged())],
    ['resolved', ticketAfter(registered(), dispatched(), open, happened.resolved())],
    [
      'of a former holder',
      ticketAfter(
        registered(),
        dispatched(),
        open,
        ...on(
          '2026-03-03 10:00',
          happened.redispatched(),
          dispatched({ unit: 'D003', dealer: 'D003', rbo: 'NORTH' }),
        ),
      ),
    ],
    ['of a rescinded ticket', ticketAfter(registered(), dispatched(), open, happened.rescinded())],
  ])('%s is offered to be settled by exactly those who may', (_, ticket) => {
    const [warning] = ticket.warnings
    for (const actor of people) {
      const offered = maySettle(caseOf(ticket), warning!, meOf(actor))
      const may = (command: TicketCommand) => outcome(ticket, command) !== null
      const now = '2026-03-04 11:00'
      expect([actor.id, offered]).toEqual([
        actor.id,
        { acknowledge: may(ask.acknowledge(now, { actor })), resolve: may(ask.resolve(now, { actor })) },
      ])
    }
  })
})
