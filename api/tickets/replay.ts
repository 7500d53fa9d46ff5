/** First answers, made again from the events they were about (`api.md`: so that erased data does not return). */
import type { StoredEvent } from '../../domain/eventStore.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import { type TicketEvent, type TicketNo, ticketOfStream, ticketStream } from '../../domain/ticket/events.ts'
import { fold, type Ticket } from '../../domain/ticket/state.ts'
import type { CommandRow, Deps } from '../deps.ts'
import type { Written } from './asking.ts'
import { followingCommandId } from './followUp.ts'
import type { Taken } from './intake.ts'

type Events = StoredEvent<TicketEvent>[]

const eventsUpTo = async (
  deps: Deps,
  { stream, toVersion }: Pick<CommandRow, 'stream' | 'toVersion'>,
): Promise<Events> => ((await deps.store.readStream(stream)) as Events).slice(0, toVersion)

const asWritten = (events: Events): Written => {
  const last = events.at(-1) as Events[number]
  return { ticket: fold(events) as Ticket, position: last.position, now: last.metadata.recordedAt }
}

/** A write on `ticketNo`, which may have gone to another ticket first. */
export const ticketAgain = async (
  deps: Deps,
  ticketNo: TicketNo,
  rows: readonly CommandRow[],
): Promise<Written> => {
  const stream = ticketStream(ticketNo)
  const following = deps.views.commands.find(followingCommandId(commandIdIn(rows), ticketNo))
  const row = [...rows, ...following].filter((each) => each.stream === stream).at(-1)
  if (row === undefined) throw new Error('a command is remembered, but not on its ticket')
  return asWritten(await eventsUpTo(deps, row))
}

const commandIdIn = (rows: readonly CommandRow[]): string => (rows[0] as CommandRow).commandId

/** Whose data a remembered write speaks of. */
export const subjectOfTicket = async (deps: Deps, ticketNo: TicketNo): Promise<SubjectId | null> =>
  fold((await deps.store.readStream(ticketStream(ticketNo))) as Events)?.subjectId ?? null

/** The event that tells what became of a complaint. */
const decisive = async (deps: Deps, row: CommandRow): Promise<{ events: Events; event: Events[number] }> => {
  const events = await eventsUpTo(deps, row)
  return { events, event: events[row.fromVersion - 1] as Events[number] }
}

/** Whose data a remembered complaint speaks of. */
export const subjectOfComplaint = async (
  deps: Deps,
  rows: readonly CommandRow[],
): Promise<SubjectId | null> => {
  const { event } = await decisive(deps, rows[0] as CommandRow)
  if (event.type === 'RepeatLinked') return event.data.registration?.subjectId ?? null
  return event.type === 'TicketRegistered' || event.type === 'ContactLogged' ? event.data.subjectId : null
}

/** What became of a complaint: a new ticket, a call on one, or a repeat, which is answered for once it exists. */
export const complaintAgain = async (deps: Deps, rows: readonly CommandRow[]): Promise<Taken & Written> => {
  const row = rows[0] as CommandRow
  const { events, event } = await decisive(deps, row)
  if (event.type !== 'RepeatLinked')
    return { outcome: event.type === 'ContactLogged' ? 'contact_logged' : 'registered', ...asWritten(events) }
  return { outcome: 'escalated', ...(await ticketAgain(deps, event.data.repeat, rows)) }
}
