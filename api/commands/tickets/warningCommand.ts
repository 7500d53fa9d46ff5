import type { TicketCommand } from '../../../domain/ticket/commands.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import type { CommandDeps } from '../deps.ts'

/** The command that a warning's `acknowledge` or `resolve` becomes. */
export const warningCommand =
  (deps: Pick<CommandDeps, 'sealing'>, warningId: string, body: { note?: string | null; result?: string }) =>
  (ticket: Ticket, now: string, actor: TicketCommand['actor']): TicketCommand => {
    const seal = (text: Record<string, string | null>) => deps.sealing.seal(ticket.subjectId, text)
    if (body.result !== undefined)
      return { type: 'ResolveWarning', now, actor, warningId, text: seal({ result: body.result }) }
    return {
      type: 'AcknowledgeWarning',
      now,
      actor,
      warningId,
      text: body.note == null ? null : seal({ note: body.note }),
    }
  }
