/** The writes on a ticket: how each body becomes a command. One table for the routes and the imports. */
import type { Action, Actor } from '../../../domain/authority.ts'
import type { Instant } from '../../../domain/instant.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { Sealed } from '../../../domain/sealed.ts'
import type { TicketCommand } from '../../../domain/ticket/commands.ts'
import { changedFields, correctedPerson } from '../../../domain/ticket/correction.ts'
import type { TicketNo } from '../../../domain/ticket/events.ts'
import type { Person } from '../../../domain/ticket/person.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import type { ActName, BodyOf } from './bodies.ts'
import type { Text } from './personal.ts'

/** What a command is made from beside its body. */
export type CommandInputs = {
  ticket: Ticket
  now: Instant
  actor: Actor
  seal(text: Text): Sealed
  sealPerson(person: Person): Sealed
  /** The ticket's customer and vehicle. @throws Refusal `subject_erased`, `customer_unreadable` */
  person(): Person
  read(ticketNo: TicketNo): Promise<Ticket>
  /** As `read`; `null`: there is no such ticket. */
  find(ticketNo: TicketNo): Promise<Ticket | null>
}
type Made<C = TicketCommand> = C extends TicketCommand ? Omit<C, 'now' | 'actor'> : never

type Acts = {
  [N in ActName]: { action: Action; command(body: BodyOf<N>, making: CommandInputs): Made | Promise<Made> }
}

const onlyCscSystem = (occurredAt: Instant | null, actor: Actor): Instant | null => {
  if (occurredAt !== null && !actor.roles.includes('csc_system') && !actor.anyUnit)
    throw new Refusal('instant_not_allowed', { roles: 'csc_system' }, '#/occurredAt')
  return occurredAt
}

export const acts: Acts = {
  contacts: {
    action: 'log_contact',
    command: ({ channel, flags, content, occurredAt }, { ticket, seal, actor }) => ({
      type: 'LogContact',
      subjectId: ticket.subjectId,
      channel,
      flags,
      externalNo: null,
      source: null,
      dealer: null,
      receivedAt: null,
      occurredAt: onlyCscSystem(occurredAt, actor),
      customer: null,
      text: seal({ content }),
    }),
  },
  redispatch: {
    action: 'redispatch',
    command: ({ dealerCode, tier, reason, misrouted }, { seal }) => ({
      type: 'Redispatch',
      to: dealerCode === undefined ? { tier: tier as 'dealer' | 'rbo' | 'se' } : { dealerCode },
      misrouted,
      text: seal({ reason }),
    }),
  },
  'repeat-link': {
    action: 'link_repeat',
    command: async ({ ticketNo, reason }, { seal, read }) => ({
      type: 'LinkRepeat',
      repeat: await read(ticketNo),
      text: seal({ reason }),
    }),
  },
  'repeat-unlink': {
    action: 'link_repeat',
    command: ({ ticketNo, reason }, { seal }) => ({
      type: 'UnlinkRepeat',
      repeat: ticketNo,
      text: seal({ reason }),
    }),
  },
  callbacks: {
    action: 'record_callback',
    command: ({ note, occurredAt, score, ...rest }, { seal, actor }) => ({
      type: 'RecordCallback',
      ...rest,
      ...(score !== undefined && score !== null && { score }),
      occurredAt: onlyCscSystem(occurredAt, actor),
      text: seal({ note }),
    }),
  },
  reclassify: {
    action: 'reclassify',
    command: ({ reason, ...rest }, { seal }) => ({ type: 'Reclassify', ...rest, text: seal({ reason }) }),
  },
  rescind: {
    action: 'rescind',
    command: ({ reason }, { seal }) => ({ type: 'Rescind', text: seal({ reason }) }),
  },
  'duplicate-of': {
    action: 'rescind',
    command: async ({ ticketNo, reason }, { seal, read }) => ({
      type: 'MarkDuplicate',
      survivor: await read(ticketNo),
      text: seal({ reason }),
    }),
  },
  'duplicate-undo': {
    action: 'undo_duplicate',
    command: async ({ reason, ticketNo }, { seal, find }) => ({
      type: 'UndoDuplicate',
      text: seal({ reason }),
      counted:
        ticketNo === null ? null : { duplicate: ticketNo, of: (await find(ticketNo))?.duplicateOf ?? null },
    }),
  },
  recalculate: {
    action: 'recalculate',
    command: ({ reason }, { seal }) => ({ type: 'Recalculate', text: seal({ reason }) }),
  },
  responses: {
    action: 'respond',
    command: ({ note, ...rest }, { seal }) => ({ type: 'RecordResponse', ...rest, text: seal({ note }) }),
  },
  records: {
    action: 'inform_consumer',
    command: ({ kind, note }, { seal }) => ({ type: 'RecordWork', kind, text: seal({ note }) }),
  },
  close: {
    action: 'close',
    command: ({ measuresDoneAt, rootCauseCode, decision, goodwill, ...words }, { seal }) => ({
      type: 'Close',
      ...(decision !== undefined && decision !== null && { decision }),
      ...(goodwill !== undefined && goodwill !== null && { goodwill }),
      measuresDoneAt,
      rootCauseCode,
      text: seal(words),
    }),
  },
  'responsible-dealer': {
    action: 'name_responsible_dealer',
    command: ({ dealerCode }) => ({ type: 'NameResponsibleDealer', dealerCode }),
  },
  'convert-to-c': {
    action: 'convert_to_c',
    command: ({ reason }, { seal }) => ({ type: 'ConvertToC', text: seal({ reason }) }),
  },
  weight: {
    action: 'weigh',
    command: ({ severity, safety, remedy, remedyText, reason }, { seal }) => ({
      type: 'ChangeWeight',
      ...(severity !== undefined && { severity }),
      ...(safety !== undefined && { safety: safety ?? false }),
      ...(remedy !== undefined && { remedy }),
      hasRemedyText: remedyText !== undefined,
      text: seal({ reason, ...(remedyText !== undefined && { remedyText }) }),
    }),
  },
  correct: {
    action: 'correct',
    command: ({ reason, ...changes }, { seal, sealPerson, person }) => {
      const before = person()
      const after = correctedPerson(before, changes)
      return {
        type: 'Correct',
        fields: changedFields(before, after),
        customer: sealPerson(after),
        text: seal({ reason }),
      }
    },
  },
  claim: {
    action: 'claim',
    command: ({ assignee }, { actor }) => ({ type: 'Claim', assignee: assignee ?? actor.id }),
  },
  release: { action: 'claim', command: () => ({ type: 'Release' }) },
  warnings: {
    action: 'raise_warning',
    command: ({ code, reason }, { seal }) => ({
      type: 'RaiseWarning',
      code,
      text: reason === null ? null : seal({ reason }),
    }),
  },
}
