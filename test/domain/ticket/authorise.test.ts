import { describe, expect, test } from '@jest/globals'
import { type Actor, type Role, roles } from '../../../domain/authority.ts'
import { Refusal } from '../../../domain/refusal.ts'
import { authorise } from '../../../domain/ticket/commandRules.ts'
import type { TicketCommand } from '../../../domain/ticket/commands.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import { dealer, of, rbo, ticketAfter } from '../../support/given.ts'
import * as ask from './commands.ts'
import * as happened from './events.ts'

const { registered, dispatched, toRbo, toSe, toMedia, responded, closed } = happened
const at = '2026-03-02 11:00'

/** The role in which the actor may, or the code of the refusal. */
const judged = (ticket: Ticket | null, command: TicketCommand): string => {
  try {
    return authorise(ticket, command)
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

const everyRole = Object.keys(roles) as Role[]
/** Someone of each role, the dealer of D001 and the RBO of EAST. */
const people: Record<string, Actor> = {
  ...Object.fromEntries(everyRole.map((role) => [role, of(role)])),
  dealer: dealer(),
  rbo: rbo(),
}
const whoMay = (ticket: Ticket | null, command: (actor: Actor) => TicketCommand): string[] =>
  everyRole.filter((role) => judged(ticket, command(people[role] as Actor)) === role)

const A = ticketAfter(registered(), dispatched())
const completed = ticketAfter(registered(), dispatched(), responded(), closed())
const warnedAt = (tier: 'rbo' | 'se' | 'sa', unit: string) =>
  ticketAfter(registered(), dispatched(), happened.warned({ sentTo: { tier, unit } }))

const csc = ['csr', 'csr_media', 'csc_system']
const another = ticketAfter(registered({ ticketNo: 'T2' }), dispatched())

/** The table of rulebook §2, as far as it speaks of the role alone. */
const byRole: [string, (actor: Actor) => TicketCommand, string[]][] = [
  ['register a complaint', (actor) => ask.register(at, {}, actor), csc],
  ['register a B4', (actor) => ask.register(at, { category: 'B4', source: 'media' }, actor), ['csr_media']],
  ['register an escalation', (actor) => ask.openRepeat(at, {}, actor), csc],
  [
    '… that came through a B source',
    (actor) => ask.openRepeat(at, { source: 'authority' }, actor),
    ['csr_media'],
  ],
  ['log a contact', (actor) => ask.contact(at, { actor }), csc],
  ['redispatch', (actor) => ask.redispatch(at, { actor }), csc],
  ['link a repeat', (actor) => ask.linkRepeat(at, another, actor), csc],
  ['unlink a repeat', (actor) => ask.unlinkRepeat(at, { actor }), csc],
  ['record a callback', (actor) => ask.callBack(at, { actor }), csc],
  ['raise a warning by hand', (actor) => ask.warnByHand(at, { actor }), ['csr', 'se']],
  ['reclassify', (actor) => ask.reclassify(at, { actor }), ['csr', 'se', 'sa']],
  ['name the responsible dealer', (actor) => ask.nameResponsible(at, { actor }), ['se_media']],
  ['convert B to C', (actor) => ask.convert(at, { actor }), ['sa']],
  ['recalculate a deadline', (actor) => ask.recalculate(at, { actor }), ['sa']],
  ['rescind', (actor) => ask.rescind(at, { actor }), ['csc_supervisor', 'se', 'sa']],
  ['mark a duplicate', (actor) => ask.markDuplicate(at, another, actor), ['csc_supervisor', 'se', 'sa']],
  ['undo a duplicate', (actor) => ask.undoDuplicate(at, { actor }), ['sa']],
]

describe('by role alone', () => {
  test.each(byRole)('may %s', (_, command, allowed) => {
    for (const ticket of [A, ticketAfter(registered(), toRbo())])
      expect(whoMay(ticket, command)).toEqual(allowed)
  })

  test('a registration is judged before there is a ticket', () => {
    expect(whoMay(null, (actor) => ask.register(at, {}, actor))).toEqual(csc)
  })

  test('rescind of a completed ticket and mark it a duplicate may only the SA', () => {
    expect(whoMay(completed, (actor) => ask.rescind(at, { actor }))).toEqual(['sa'])
    expect(whoMay(completed, (actor) => ask.markDuplicate(at, another, actor))).toEqual(['sa'])
    expect(whoMay(A, (actor) => ask.markDuplicate(at, another, actor))).toEqual([
      'csc_supervisor',
      'se',
      'sa',
    ])
  })
})

describe('by holder', () => {
  const holders = {
    dealer: ticketAfter(registered(), dispatched()),
    rbo: ticketAfter(registered(), toRbo()),
    se: ticketAfter(registered(), toSe()),
    se_media: ticketAfter(registered(), toMedia()),
  }
  const tiers = Object.keys(holders) as (keyof typeof holders)[]

  test.each(tiers)('held by %s: its people respond, record work and close, nobody else', (tier) => {
    const ticket = holders[tier]
    expect(whoMay(ticket, (actor) => ask.respond(at, { actor }))).toEqual([tier])
    expect(whoMay(ticket, (actor) => ask.close(at, { actor }))).toEqual([tier])
    for (const kind of [
      'investigation',
      'plan_proposed',
      'measure',
      'written_report',
      'gm_informed',
    ] as const)
      expect(whoMay(ticket, (actor) => ask.record(at, kind, actor))).toEqual([tier])
  })

  test.each(tiers)('held by %s: it and CSC inform the consumer', (tier) => {
    const may = whoMay(holders[tier], (actor) => ask.record(at, 'consumer_informed', actor))
    expect(may).toEqual(everyRole.filter((role) => csc.includes(role) || role === tier))
  })

  test.each(tiers)('held by %s: only a holding dealer asks the RBO and reports grave complaints', (tier) => {
    for (const kind of ['rbo_support_requested', 'major_issue_reported'] as const)
      expect(whoMay(holders[tier], (actor) => ask.record(at, kind, actor))).toEqual(
        tier === 'dealer' ? ['dealer'] : [],
      )
  })

  test.each(tiers)('held by %s: feedback is the media SE’s', (tier) => {
    for (const kind of ['hq_feedback', 'media_feedback'] as const)
      expect(whoMay(holders[tier], (actor) => ask.record(at, kind, actor))).toEqual(['se_media'])
  })

  test('a unit’s people are of that unit, and say which', () => {
    const respond = (ticket: Ticket, actor: Actor) => judged(ticket, ask.respond(at, { actor }))
    expect(respond(holders.dealer, dealer('D002'))).toBe('not_the_holder')
    expect(respond(holders.dealer, of('dealer'))).toBe('not_the_holder')
    expect(respond(holders.rbo, rbo('NORTH'))).toBe('not_the_holder')
    expect(respond(holders.dealer, of('csr'))).toBe('role_not_allowed')
    expect(respond(holders.rbo, dealer())).toBe('not_the_holder')
  })

  test('of an import the unit is taken to be the right one, the role is not', () => {
    const importing = (role: Role): Actor => ({ ...of(role), anyUnit: true })
    const respond = (ticket: Ticket, role: Role) =>
      judged(ticket, ask.respond(at, { actor: importing(role) }))
    expect(tiers.map((tier) => respond(holders[tier], tier))).toEqual(tiers)
    expect(respond(holders.rbo, 'dealer')).toBe('not_the_holder')
    expect(respond(holders.rbo, 'csr')).toBe('role_not_allowed')
  })

  test('no role implies another; someone with several acts in the one it takes', () => {
    const both: Actor = { ...of('auditor', 'se', 'csr'), id: 'b' }
    expect(judged(holders.se, ask.respond(at, { actor: both }))).toBe('se')
    expect(judged(holders.se, ask.contact(at, { actor: both }))).toBe('csr')
    expect(judged(holders.dealer, ask.respond(at, { actor: both }))).toBe('not_the_holder')
    expect(judged(holders.se, ask.respond(at, { actor: of('sa') }))).toBe('role_not_allowed')
  })
})

describe('the responsible dealer of a B or C ticket', () => {
  const B = [
    registered({ category: 'B4', level: 'B' }),
    toMedia(),
    happened.responsibleNamed({ dealer: 'D003' }),
  ]
  const named = { B: ticketAfter(...B), C: ticketAfter(...B, happened.convertedToC()) }

  test.each(['B', 'C'] as const)(
    'may respond and record work on a %s ticket, beside the media SE',
    (level) => {
      const acts: ((actor: Actor) => TicketCommand)[] = [
        (actor) => ask.respond(at, { actor }),
        (actor) => ask.record(at, 'plan_agreed', actor),
        (actor) => ask.record(at, 'consumer_informed', actor),
      ]
      for (const act of acts) {
        expect(judged(named[level], act(dealer('D003')))).toBe('dealer')
        expect(judged(named[level], act(of('se_media')))).toBe('se_media')
        expect(judged(named[level], act(dealer('D001')))).toBe('not_the_holder')
      }
    },
  )

  test.each(['B', 'C'] as const)('may not close a %s ticket, ask for help or give feedback', (level) => {
    const actor = dealer('D003')
    expect(judged(named[level], ask.close(at, { actor }))).toBe('not_the_holder')
    expect(judged(named[level], ask.record(at, 'rbo_support_requested', actor))).toBe('not_the_holder')
    expect(judged(named[level], ask.record(at, 'hq_feedback', actor))).toBe('role_not_allowed')
  })

  test('is the one named last', () => {
    const renamed = ticketAfter(...B, happened.responsibleNamed({ dealer: 'D002' }))
    expect(judged(renamed, ask.respond(at, { actor: dealer('D003') }))).toBe('not_the_holder')
    expect(judged(renamed, ask.respond(at, { actor: dealer('D002') }))).toBe('dealer')
  })
})

describe('a warning', () => {
  test.each([
    ['rbo', 'EAST', ['rbo', 'sa']],
    ['se', 'SE', ['se', 'sa']],
    ['sa', 'SA', ['sa']],
  ] as const)('sent to %s is handled there, by the SA always', (tier, unit, allowed) => {
    const ticket = warnedAt(tier, unit)
    expect(whoMay(ticket, (actor) => ask.acknowledge(at, { actor }))).toEqual([...allowed])
    expect(whoMay(ticket, (actor) => ask.resolve(at, { actor }))).toEqual([...allowed])
  })

  test('that is not there is not found, by those who may look', () => {
    const asked = (actor: Actor) => judged(A, ask.acknowledge(at, { actor }))
    expect([asked(of('sa')), asked(of('csr'))]).toEqual(['warning_not_found', 'role_not_allowed'])
  })
})

test('second halves were judged with the first: the role is the actor’s', () => {
  const commands = [ask.becomeRepeat(at), ask.ceaseToBeRepeat(at), ask.loseRepeat(at)]
  expect(commands.map((command) => judged(A, command))).toEqual(['csr', 'csr', 'csr'])
  expect(judged(A, ask.becomeDuplicate(at))).toBe('sa')
})

test('an act on a ticket that is not there is the caller’s mistake', () => {
  expect(() => authorise(null, ask.respond(at))).toThrow('RecordResponse on a ticket that is not there')
})
