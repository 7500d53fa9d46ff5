import { expect, test } from '@jest/globals'
import { type Actor, type Role, roles } from '../../../domain/authority.ts'
import { Refusal } from '../../../domain/refusal.ts'
import { authorise } from '../../../domain/ticket/commandRules.ts'
import type { TicketCommand, TicketCommandType } from '../../../domain/ticket/commands.ts'
import { dealer, of, rbo, ticketAfter } from '../../support/given.ts'
import * as ask from './commands.ts'
import { dispatched, registered, responsibleNamed, warned } from './events.ts'

const at = '2026-03-02 11:00'
const another = ticketAfter(registered({ ticketNo: 'T2' }), dispatched())
/** At dealer D001, with a warning sent to RBO EAST, and dealer D002 responsible. */
const ticket = ticketAfter(registered(), dispatched(), warned(), responsibleNamed({ dealer: 'D002' }))

const csc: Role[] = ['csr', 'csr_media', 'csc_system']
const everybody = Object.keys(roles) as Role[]

/** Every command, and the roles that may give it on this ticket; a command that is added does not compile without. */
const table: { [T in TicketCommandType]: [(actor: Actor) => TicketCommand & { type: T }, readonly Role[]] } =
  {
    Register: [(actor) => ask.register(at, {}, actor), csc],
    OpenRepeat: [(actor) => ask.openRepeat(at, {}, actor), csc],
    RecordResponse: [(actor) => ask.respond(at, { actor }), ['dealer']],
    RecordWork: [(actor) => ask.record(at, 'measure', actor), ['dealer']],
    LogContact: [(actor) => ask.contact(at, { actor }), csc],
    Redispatch: [(actor) => ask.redispatch(at, { actor }), csc],
    Reclassify: [(actor) => ask.reclassify(at, { actor }), ['csr', 'se', 'sa']],
    Close: [(actor) => ask.close(at, { actor }), ['dealer']],
    RecordCallback: [(actor) => ask.callBack(at, { actor }), csc],
    NameResponsibleDealer: [(actor) => ask.nameResponsible(at, { actor }), ['se_media']],
    ConvertToC: [(actor) => ask.convert(at, { actor }), ['sa']],
    RaiseWarning: [(actor) => ask.warnByHand(at, { actor }), ['csr', 'se']],
    AcknowledgeWarning: [(actor) => ask.acknowledge(at, { actor }), ['rbo', 'sa']],
    ResolveWarning: [(actor) => ask.resolve(at, { actor }), ['rbo', 'sa']],
    Recalculate: [(actor) => ask.recalculate(at, { actor }), ['sa']],
    ChangeWeight: [(actor) => ask.weigh(at, { actor }), [...csc, 'se', 'sa']],
    Correct: [(actor) => ask.correct(at, { actor }), csc],
    Claim: [(actor) => ask.claim(at, { actor }), ['dealer']],
    Release: [(actor) => ask.release(at, { actor }), ['dealer']],
    AddAttachment: [
      (actor) => ask.attach(at, { actor }),
      [...csc, 'csc_supervisor', 'dealer', 'rbo', 'se', 'se_media', 'sa'],
    ],
    RemoveAttachment: [(actor) => ask.detach(at, { actor }), ['csc_supervisor', 'sa']],
    WriteLetter: [(actor) => ask.writeLetter(at, { actor }), ['dealer']],
    RaiseObjection: [(actor) => ask.raiseObjection(at, { actor }), ['dealer']],
    WithdrawObjection: [(actor) => ask.withdrawObjection(at, { actor }), ['dealer']],
    DecideObjection: [(actor) => ask.decideObjection(at, { actor }), ['hq_sales']],
    Rescind: [(actor) => ask.rescind(at, { actor }), ['csc_supervisor', 'se', 'sa']],
    LinkRepeat: [(actor) => ask.linkRepeat(at, another, actor), csc],
    UnlinkRepeat: [(actor) => ask.unlinkRepeat(at, { actor }), csc],
    MarkDuplicate: [(actor) => ask.markDuplicate(at, another, actor), ['csc_supervisor', 'se', 'sa']],
    UndoDuplicate: [(actor) => ask.undoDuplicate(at, { actor }), ['sa']],
    // second halves were judged with the first, and take the role of whoever gave that
    BecomeRepeat: [(actor) => ask.becomeRepeat(at, { actor }), everybody],
    CeaseToBeRepeat: [(actor) => ask.ceaseToBeRepeat(at, { actor }), everybody],
    LoseRepeat: [(actor) => ask.loseRepeat(at, { actor }), everybody],
    AbsorbDuplicate: [(actor) => ask.absorb(at, { actor }), everybody],
    ReleaseDuplicate: [(actor) => ask.releaseDuplicate(at, { actor }), everybody],
    BecomeDuplicate: [(actor) => ask.becomeDuplicate(at, { actor }), everybody],
    WithdrawFirstHalf: [(actor) => ask.withdrawFirstHalf(at, { actor }), everybody],
    CloseFollowUp: [(actor) => ask.closeFollowUp(at, { actor }), everybody],
  }

/** Someone of each role, the dealer of D001 and the RBO of EAST. */
const someone = (role: Role): Actor => (role === 'dealer' ? dealer() : role === 'rbo' ? rbo() : of(role))

const isAllowed = (command: TicketCommand): boolean => {
  try {
    return command.actor.roles.includes(authorise(ticket, command))
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

test.each(Object.entries(table))('%s may be given by its roles and by no other', (_, [command, allowed]) => {
  expect(everybody.filter((role) => isAllowed(command(someone(role))))).toEqual(
    everybody.filter((role) => allowed.includes(role)),
  )
})

test('a command that takes a ticket is not judged without one', () => {
  const needTicket = ['RecordResponse', 'RecordWork', 'Close', 'AcknowledgeWarning', 'Rescind'] as const
  for (const type of needTicket)
    expect(() => authorise(null, table[type][0](of('sa')))).toThrow(`${type} on a ticket that is not there`)
})
