/** What became of a complaint that another stream's event asked for and that was taken in before. */
import { eventsOf } from '../../../domain/storedEvents.ts'
import { type TicketEvent, type TicketNo, ticketOfStream } from '../../../domain/ticket/events.ts'
import type { CommandDeps, CommandRow } from '../deps.ts'
import type { Outcome } from './intake.ts'

/** The ticket that the command's row is about, and what the complaint was there. */
export const namedBy = async (
  { store }: Pick<CommandDeps, 'store'>,
  row: Omit<CommandRow, 'commandId'>,
): Promise<{ ticketNo: TicketNo; outcome: Outcome }> => {
  const [event] = eventsOf<TicketEvent>(await store.readStream(row.stream, row.fromVersion - 1))
  if (event?.type === 'RepeatLinked') return { ticketNo: event.data.repeat, outcome: 'escalated' }
  const outcome = event?.type === 'ContactLogged' ? 'contact_logged' : 'registered'
  return { ticketNo: ticketOfStream(row.stream) as TicketNo, outcome }
}
