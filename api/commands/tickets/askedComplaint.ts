/** A complaint that an event of another stream asks for: what a care call brought up, what an inquiry turned out to be. */
import { type Actor, actingRole } from '../../../domain/authority.ts'
import type { CustomerHashes } from '../../../domain/customerKeys.ts'
import { Refusal } from '../../../domain/refusal.ts'
import { eventsOf } from '../../../domain/storedEvents.ts'
import { type TicketEvent, type TicketNo, ticketOfStream } from '../../../domain/ticket/events.ts'
import type { Category } from '../../../domain/ticket/routing.ts'
import type { Act } from '../act.ts'
import type { CommandDeps, CommandRow } from '../deps.ts'
import { type IntakeOutcome, takeHeld } from './intake.ts'
import type { IncomingComplaint } from './matchComplaint.ts'

/** The ticket that the complaint was registered as, or logged on. */
type TakenComplaint = { ticketNo: TicketNo; outcome: IntakeOutcome }

/** The parts of a `Refusal`, as an event keeps them. */
type RefusedField = Pick<Refusal, 'code' | 'params'> & { pointer: string | null }

/** A B4 needs a source, which such a complaint has not; C4 is never registered. @throws Refusal */
export const requireAskedCategory = ({ category }: { category: Category }, actor: Actor): void => {
  if (category === 'C4') throw new Refusal('category_not_for_intake', { category }, '#/category')
  if (category !== 'B4') return
  actingRole(actor, 'register_media')
  throw new Refusal('source_required', {}, '#/category')
}

/** What became of a complaint that was taken in before, by the row of its command. */
const takenBefore = async (
  { store }: Pick<CommandDeps, 'store'>,
  row: Omit<CommandRow, 'commandId'>,
): Promise<TakenComplaint> => {
  const [event] = eventsOf<TicketEvent>(await store.readStream(row.stream, row.fromVersion - 1))
  if (event?.type === 'RepeatLinked') return { ticketNo: event.data.repeat, outcome: 'escalated' }
  const outcome = event?.type === 'ContactLogged' ? 'contact_logged' : 'registered'
  return { ticketNo: ticketOfStream(row.stream) as TicketNo, outcome }
}

/**
 * Takes the complaint in, once: `act` has the command's id, which is the same in every request. The caller holds the
 * customer. @throws Refusal, after `reopen` took the asking event back; StoreUnavailable, Conflict: it is pending still
 */
export const takeAsked = async (
  deps: CommandDeps,
  complaint: () => IncomingComplaint,
  {
    act,
    hashes,
    reopen,
  }: { act: Act; hashes: CustomerHashes; reopen(refused: RefusedField): Promise<unknown> },
): Promise<TakenComplaint> => {
  // with a digest, its own where the caller gave no key: only what has one is remembered
  const following = { requestDigest: act.commandId, ...act }
  const [row] = deps.views.commands.find(act.commandId)
  try {
    if (row !== undefined) return await takenBefore(deps, row)
    const taken = await takeHeld(deps, complaint(), { act: following, hashes, held: new Set() })
    return { ticketNo: taken.ticket.ticketNo, outcome: taken.outcome }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, params, pointer = null } = error
    await reopen({ code, params, pointer })
    throw error
  }
}
