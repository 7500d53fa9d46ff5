/** First answers, made again from the events they were about (`api.md`: so that erased data does not return). */
import type { StoredEvent } from '../../../domain/eventStore.ts'
import { Refusal, type RefusalCode } from '../../../domain/refusal.ts'
import type { SealedText } from '../../../domain/sealed.ts'
import { eventsOf } from '../../../domain/storedEvents.ts'
import type { SubjectId } from '../../../domain/subjectKeys.ts'
import {
  type TicketEvent,
  type TicketNo,
  ticketOfStream,
  ticketStream,
} from '../../../domain/ticket/events.ts'
import { fold } from '../../../domain/ticket/evolve.ts'
import { followUpOf } from '../../../domain/ticket/followUps.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import { Conflict } from '../conflict.ts'
import type { CommandDeps, CommandRow } from '../deps.ts'
import { rowsOfCommand } from '../rowsOfCommand.ts'
import { readTicket, type TicketResult } from './execute.ts'
import { completePendingActs } from './followUp.ts'
import type { IntakeResult } from './intake.ts'
import { followingCommandId } from './secondHalf.ts'

type Events = StoredEvent<TicketEvent>[]

/** The events of a stream, those after a version only. */
const eventsAfter = async (deps: CommandDeps, stream: string, version = 0): Promise<Events> =>
  eventsOf(await deps.store.readStream(stream, version))

const eventsUpTo = async (
  deps: CommandDeps,
  { stream, toVersion }: Pick<CommandRow, 'stream' | 'toVersion'>,
): Promise<Events> => (await eventsAfter(deps, stream)).slice(0, toVersion)

/** The rows of a command and of all that followed from it, in the order in which they were written. */
const withFollowing = async (deps: CommandDeps, rows: readonly CommandRow[]): Promise<CommandRow[]> => {
  const all: CommandRow[] = []
  for (const row of rows) {
    all.push(row)
    const ticketNo = ticketOfStream(row.stream) as TicketNo
    for (const event of (await eventsUpTo(deps, row)).slice(row.fromVersion - 1)) {
      const next = followUpOf(ticketNo, event)
      if (next === null) continue
      const following = await rowsOfCommand(deps, followingCommandId(row.commandId, next))
      all.push(...(await withFollowing(deps, following)))
    }
  }
  return all
}

/**
 * Completes what the command left pending, and says again that it was refused where it was withdrawn: only what was done
 * is answered for.
 * @throws Refusal; StoreUnavailable
 */
const requireDone = async (deps: CommandDeps, rows: readonly CommandRow[]): Promise<void> => {
  for (const { stream, fromVersion, toVersion } of rows) {
    const open = deps.views.followUps
      .open()
      .filter((each) => each.stream === stream && each.version >= fromVersion && each.version <= toVersion)
    const { pending } = await completePendingActs(deps, open)
    if (pending > 0) throw new Conflict('write_conflict')
    const events = await eventsAfter(deps, stream, fromVersion - 1)
    const ids = new Set(events.slice(0, toVersion - fromVersion + 1).map(({ id }) => id))
    for (const { metadata, data } of events) {
      if (metadata.causationId === undefined || !ids.has(metadata.causationId)) continue
      if (!('refused' in data) || data.refused === undefined) continue
      const { code, params, pointer } = data.refused
      throw new Refusal(code as RefusalCode, params, pointer ?? undefined)
    }
  }
}

/** What the complaint did that a callback registered. */
export const commandsAfterCallback = (
  deps: CommandDeps,
  ticketNo: TicketNo,
  commandId: string,
): Promise<CommandRow[]> => {
  const command = { type: 'RegisterFromCallback', externalNo: null, text: '' as SealedText } as const
  return rowsOfCommand(deps, followingCommandId(commandId, { ticketNo, command }))
}

/** A write on `ticketNo`, which may have gone to another ticket first, or have gone on to one. */
export const ticketAgain = async (
  deps: CommandDeps,
  ticketNo: TicketNo,
  rows: readonly CommandRow[],
): Promise<TicketResult> => {
  const isOnTicket = ({ stream }: CommandRow): boolean => stream === ticketStream(ticketNo)
  await requireDone(deps, rows)
  const all = await withFollowing(deps, rows)
  const row = all.findLast(isOnTicket)
  // a link that only the later ticket knew of was withdrawn there
  const events =
    row === undefined ? await eventsAfter(deps, ticketStream(ticketNo)) : await eventsUpTo(deps, row)
  const { recordedAt } = (events.at(-1) as Events[number]).metadata
  return { ticket: fold(events) as Ticket, position: (all.at(-1) as CommandRow).position, now: recordedAt }
}

/** Whose data a remembered write speaks of. */
export const subjectOfTicket = async (deps: CommandDeps, ticketNo: TicketNo): Promise<SubjectId | null> =>
  fold(await eventsAfter(deps, ticketStream(ticketNo)))?.subjectId ?? null

/** The event that tells what became of a complaint. */
const decisive = async (deps: CommandDeps, row: CommandRow): Promise<TicketEvent> =>
  (await eventsUpTo(deps, row))[row.fromVersion - 1] as Events[number]

/** Whose data a remembered complaint speaks of. */
export const subjectOfComplaint = async (
  deps: CommandDeps,
  rows: readonly CommandRow[],
): Promise<SubjectId | null> => {
  const { type, data } = await decisive(deps, rows[0] as CommandRow)
  if (type === 'RepeatLinked') return data.registration?.subjectId ?? null
  return type === 'TicketRegistered' || type === 'ContactLogged' ? data.subjectId : null
}

/** The ticket a remembered complaint was answered with, as it is now; of a repeat that is not there yet, the one it repeats. */
export const ticketOfComplaint = async (deps: CommandDeps, rows: readonly CommandRow[]): Promise<Ticket> => {
  const row = rows[0] as CommandRow
  const { type, data } = await decisive(deps, row)
  const repeat = type === 'RepeatLinked' ? await readTicket(deps, data.repeat) : null
  return repeat ?? ((await readTicket(deps, ticketOfStream(row.stream) as TicketNo)) as Ticket)
}

/** What became of a complaint: a new ticket, a call on one, or a repeat, which is answered for once it exists. */
export const complaintAgain = async (
  deps: CommandDeps,
  rows: readonly CommandRow[],
): Promise<Pick<IntakeResult, 'outcome'> & TicketResult> => {
  const row = rows[0] as CommandRow
  const { type, data } = await decisive(deps, row)
  if (type === 'RepeatLinked')
    return { outcome: 'escalated', ...(await ticketAgain(deps, data.repeat, rows)) }
  const outcome = type === 'ContactLogged' ? 'contact_logged' : 'registered'
  return { outcome, ...(await ticketAgain(deps, ticketOfStream(row.stream) as TicketNo, rows)) }
}
