/** What is done with an open ticket. */

import type { Actor } from '../../../domain/authority.ts'
import { decisionSchema, goodwillKindSchema, remedySchema, severitySchema } from '../../../domain/codes.ts'
import { currentAssignment, type Ticket } from '../../../domain/ticket/state.ts'
import { actorFor, dealerCodes, type Log } from './log.ts'
import { object } from './objecting.ts'
import { contactOf, personOf, someCategories } from './registrations.ts'

const holderOf = (ticket: Ticket): Actor => {
  const { tier, unit } = currentAssignment(ticket)
  return actorFor([tier], { dealer: unit, rbo: unit })
}
const respond = ({ give, text, random: { chance } }: Log, ticket: Ticket, actor: Actor): void => {
  give(
    ticket.ticketNo,
    {
      type: 'RecordResponse',
      method: 'phone',
      reached: chance(0.8),
      promisedReplyAt: null,
      text: text(ticket.ticketNo),
    },
    { actor },
  )
}

/** Each act by which a random life goes on; some stand twice, and are done twice as often. */
export const openActs = (log: Log): ((ticket: Ticket) => unknown)[] => {
  const {
    give,
    text,
    random: { next: random, pick, chance },
  } = log
  const list = () => [...log.tickets.values()]
  return [
    (ticket) => give(ticket.ticketNo, contactOf(log, ticket)),
    (ticket) => respond(log, ticket, holderOf(ticket)),
    (ticket) => respond(log, ticket, holderOf(ticket)),
    (ticket) =>
      respond(log, ticket, actorFor(['dealer'], { dealer: ticket.responsibilities.at(-1)?.unit ?? 'D1' })),
    (ticket) =>
      give(ticket.ticketNo, {
        type: 'RecordWork',
        kind: pick(['investigation', 'consumer_informed', 'hq_feedback']),
        text: text(ticket.ticketNo),
      }),
    (ticket) =>
      give(ticket.ticketNo, {
        type: 'Close',
        rootCauseCode: pick([null, 'other']),
        measuresDoneAt: null,
        decision: pick(decisionSchema.options),
        goodwill: { kind: pick(goodwillKindSchema.options), amount: Math.floor(random() * 5_000) },
        text: text(ticket.ticketNo),
      }),
    (ticket) =>
      give(ticket.ticketNo, {
        type: 'Close',
        rootCauseCode: null,
        measuresDoneAt: null,
        text: text(ticket.ticketNo),
      }),
    (ticket) =>
      give(ticket.ticketNo, {
        type: 'Redispatch',
        to: pick([
          { dealerCode: pick(dealerCodes) },
          { dealerCode: pick(dealerCodes) },
          { tier: 'dealer' },
          { tier: 'rbo' },
          { tier: 'se' },
        ]),
        misrouted: chance(0.3),
        text: text(ticket.ticketNo),
      }),
    (ticket) =>
      give(ticket.ticketNo, {
        type: 'Reclassify',
        category: pick(someCategories),
        source: null,
        dealerCode: null,
        text: text(ticket.ticketNo),
      }),
    (ticket) =>
      give(ticket.ticketNo, { type: 'NameResponsibleDealer', dealerCode: pick(dealerCodes.slice(0, 3)) }),
    (ticket) =>
      give(ticket.ticketNo, { type: 'NameResponsibleDealer', dealerCode: pick(dealerCodes.slice(0, 3)) }),
    (ticket) => give(ticket.ticketNo, { type: 'ConvertToC', text: text(ticket.ticketNo) }),
    (ticket) =>
      give(ticket.ticketNo, { type: 'RaiseWarning', code: pick(['W3', 'W4']), text: text(ticket.ticketNo) }),
    (ticket) => {
      const warning = ticket.warnings.length === 0 ? null : pick(ticket.warnings)
      if (warning !== null)
        give(ticket.ticketNo, {
          type: chance(0.5) ? 'AcknowledgeWarning' : 'ResolveWarning',
          warningId: warning.warningId,
          text: text(ticket.ticketNo),
        })
    },
    (ticket) => {
      if (!chance(0.5)) return
      const corrected = personOf(log, ticket.ticketNo, Math.floor(random() * 30))
      const fields = ['customer.customerId', 'customer.phone', 'vehicle.vin']
      give(ticket.ticketNo, { type: 'Correct', fields, customer: corrected, text: text(ticket.ticketNo) })
    },
    (ticket) => {
      if (!chance(0.5)) return
      const changes = pick([
        { severity: pick([null, ...severitySchema.options]) },
        { safety: chance(0.5) },
        { remedy: pick([null, ...remedySchema.options]), hasRemedyText: true },
      ])
      const words = text(ticket.ticketNo)
      give(ticket.ticketNo, { type: 'ChangeWeight', hasRemedyText: false, ...changes, text: words })
    },
    (ticket) => {
      const actor = holderOf(ticket)
      const assignee = pick([actor.id, 'a colleague'])
      give(ticket.ticketNo, chance(0.8) ? { type: 'Claim', assignee } : { type: 'Release' }, { actor })
    },
    (ticket) => object(log, ticket),
    (ticket) => object(log, ticket),
    (ticket) => chance(0.3) && give(ticket.ticketNo, { type: 'Recalculate', text: text(ticket.ticketNo) }),
    (ticket) => chance(0.15) && give(ticket.ticketNo, { type: 'Rescind', text: text(ticket.ticketNo) }),
    (ticket) =>
      chance(0.4) &&
      give(ticket.ticketNo, {
        type: 'MarkDuplicate',
        survivor: pick(list().slice(-30)),
        text: text(ticket.ticketNo),
      }),
  ]
}
