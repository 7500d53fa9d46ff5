/** Objections of dealers. */
import { measureSchema } from '../../../domain/codes.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import { actorFor, type Log } from './log.ts'

/** A dealer objects to its unit, or what it objected to is decided or withdrawn. */
export const object = ({ give, text, random: { pick, chance } }: Log, ticket: Ticket): void => {
  const { ticketNo } = ticket
  const open = ticket.objections.find(({ status }) => status === 'open')
  if (open === undefined) {
    const dealer = pick([...ticket.assignments, ...ticket.responsibilities]).unit
    const measures = pick<readonly (typeof measureSchema.options)[number][]>([
      ...measureSchema.options.map((name) => [name]),
      ['response', 'firstTime'],
      measureSchema.options,
    ])
    const raise = {
      type: 'RaiseObjection' as const,
      dealer,
      measures,
      frozenRevision: null,
      attachmentIds: [],
      text: text(ticketNo),
    }
    give(ticketNo, raise, { actor: actorFor(['dealer'], { dealer }) })
    return
  }
  const { objectionId, dealer } = open
  if (chance(0.15))
    give(ticketNo, { type: 'WithdrawObjection', objectionId }, { actor: actorFor(['dealer'], { dealer }) })
  else {
    const decision = chance(0.7) ? 'upheld' : 'rejected'
    give(ticketNo, { type: 'DecideObjection', objectionId, decision, text: text(ticketNo) })
  }
}
