/** From events of the log to the items a caller gets: at most one item for each event, by the caller's scope of now. */

import { announcedOf, type EventSubject, movesTicket } from '../../domain/announced.ts'
import { type AnnouncedName, announcedEvents, removedName, type Topic } from '../../domain/announcedNames.ts'
import type { Actor } from '../../domain/authority.ts'
import type { Position, StoredEvent } from '../../domain/eventStore.ts'
import { isWithin, placeOf, type Scopes, scopesFor, type UnitsOfTicket } from '../../domain/scope.ts'
import { eventsOf } from '../../domain/storedEvents.ts'
import type { TicketEvent } from '../../domain/ticket/events.ts'
import { fold } from '../../domain/ticket/evolve.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import type { Access } from '../http/access.ts'
import type { Deps } from '../http/deps.ts'
import { sharedReaders } from '../tickets/requestContext.ts'
import { factsOf, hasWarning, objectionOf, versionOf, warningOf } from './facts.ts'
import type { StreamItem } from './schemas.ts'
import { type FoundSubject, findSubject, numberOf, subjectFields, viewsOfSubjects } from './subjects.ts'

/** The views that items are made from. */
export const viewsOfItems = viewsOfSubjects

/** What a caller sees of tickets and desks, and of whose customers; rulebook §2, §17. */
export type Rights = { read: Scopes; personal: Scopes }
export const rightsOf = (actor: Actor): Rights => ({
  read: scopesFor(actor, 'read'),
  personal: scopesFor(actor, 'see_personal_data'),
})

/** An event that is announced. `before`: whose the ticket was before an event that moved it. */
export type ItemSource = {
  event: StoredEvent
  name: AnnouncedName
  subject: EventSubject
  before: UnitsOfTicket | null
}

/** Whose a ticket was before one of its events; `null`: nobody had it yet. */
const placeBefore = async (
  { store }: Pick<Deps, 'store'>,
  event: StoredEvent,
): Promise<UnitsOfTicket | null> => {
  // the second event of a stream dispatches what the first has registered
  if (event.version <= 2) return null
  const earlier = (await store.readStream(event.stream)).filter(({ version }) => version < event.version)
  const ticket = fold(eventsOf<TicketEvent>(earlier))
  return ticket === null || ticket.assignments.length === 0 ? null : placeOf(ticket)
}

/** Those of these events that are announced, in their order. @throws StoreUnavailable */
export const sourcesOf = async (
  deps: Pick<Deps, 'store'>,
  events: readonly StoredEvent[],
): Promise<ItemSource[]> => {
  const sources: ItemSource[] = []
  for (const event of events) {
    const announced = announcedOf(event)
    if (announced === null) continue
    const before = movesTicket(event.type) ? await placeBefore(deps, event) : null
    sources.push({ event, ...announced, before })
  }
  return sources
}

type Views = Pick<Deps, 'views' | 'sealing' | 'now'>

type Warning = ReturnType<typeof warningOf>

const seenBy = (place: UnitsOfTicket, scopes: Scopes): boolean =>
  scopes.some((scope) => isWithin(place, scope))

/** Whether one of the scopes is of the unit that a warning was sent to (rulebook §7). */
const wasSentTo = (warning: Warning, scopes: Scopes): boolean =>
  warning !== null &&
  scopes.some((scope) => scope.kind === warning.sentTo.tier && scope.code === warning.sentTo.unit)

/** The units that a place belongs to. */
const unitsOfPlace = ({ holder, dealer, rbo, responsibleDealer }: UnitsOfTicket): (string | null)[] => [
  holder.unit,
  dealer,
  rbo,
  responsibleDealer,
]
/** Whether one of the scopes is of the dealer that objected: it may have lost the ticket, and keep its unit. */
const isOfObjector = (objection: ReturnType<typeof objectionOf>, scopes: Scopes): boolean =>
  objection !== null && scopes.some((scope) => scope.kind === 'dealer' && scope.code === objection.dealer)

/** How much of an item its reader gets. */
type Extent = 'open' | 'masked' | 'bare' | 'removed'

/**
 * Makes items of the views as they are now. To be used within a moment: the row and the item of each
 * extent are kept, so that readers share them. `access`: the request that is shown them alone.
 */
export const createItems = (deps: Views, access?: Access) => {
  const readers = sharedReaders(deps, access)
  const now = deps.now()
  const found = new Map<string, FoundSubject | null>()
  const made = new Map<string, StreamItem>()
  const warnings = new Map<Position, Warning>()
  const warningAt = ({ event, name }: ItemSource): Warning => {
    if (!hasWarning(announcedEvents[name].about)) return null
    if (!warnings.has(event.position)) warnings.set(event.position, warningOf(deps, event))
    return warnings.get(event.position) ?? null
  }
  const objectionAt = ({ event, name }: ItemSource): ReturnType<typeof objectionOf> =>
    announcedEvents[name].about === 'objection' ? objectionOf(deps, event) : null
  const find = (subject: EventSubject): FoundSubject | null => {
    const key = `${subject.kind} ${numberOf(subject)}`
    if (!found.has(key)) found.set(key, findSubject(deps, subject))
    return found.get(key) ?? null
  }

  const readerFor = (subject: EventSubject, extent: Extent): Reader => {
    if (extent !== 'open') return readers.masked
    const number = numberOf(subject)
    const isOfTicketList = subject.kind === 'ticket' || subject.kind === 'inquiry'
    return readers.open(isOfTicketList ? number : null, number)
  }
  const make = (source: ItemSource, extent: Extent): StreamItem => {
    const { event, name, subject } = source
    const common = { position: event.position, at: event.metadata.recordedAt }
    if (extent === 'removed')
      return { ...common, type: removedName, version: null, ...subjectFields(subject, null) } as StreamItem
    const facts = factsOf(deps, event, announcedEvents[name].about)
    const known = find(subject)
    if (extent === 'bare' || known === null)
      return { ...common, type: name, version: null, ...subjectFields(subject, null), ...facts } as StreamItem
    const row = known.row(readerFor(subject, extent), now)
    const version = versionOf(event, known)
    return { ...common, type: name, version, ...subjectFields(subject, row), ...facts } as StreamItem
  }

  const extentFor = (
    source: ItemSource,
    { read, personal }: Rights,
    topics: ReadonlySet<Topic>,
  ): Extent | null => {
    const place = find(source.subject)?.place
    if (place === undefined) return null
    const { topic } = announcedEvents[source.name]
    const isAsked = topics.has(topic)
    if (seenBy(place, read)) return !isAsked ? null : seenBy(place, personal) ? 'open' : 'masked'
    if (source.before !== null && topics.has('tickets') && seenBy(source.before, read)) return 'removed'
    const isTheirs = wasSentTo(warningAt(source), read) || isOfObjector(objectionAt(source), read)
    return isAsked && isTheirs ? 'bare' : null
  }

  return {
    /** The item that a caller with these rights gets for an event; `null`: none. */
    itemFor: (source: ItemSource, rights: Rights, topics: ReadonlySet<Topic>): StreamItem | null => {
      const extent = extentFor(source, rights, topics)
      if (extent === null) return null
      const key = `${extent} ${source.event.position}`
      const item = made.get(key) ?? make(source, extent)
      made.set(key, item)
      return item
    },
    /** The units that may get an item for an event; who sees all tickets is not among them. */
    unitsOf: (source: ItemSource): Set<string> => {
      const place = find(source.subject)?.place
      const units = [
        ...(place === undefined ? [] : unitsOfPlace(place)),
        ...(source.before === null ? [] : unitsOfPlace(source.before)),
        warningAt(source)?.sentTo.unit ?? null,
        objectionAt(source)?.dealer ?? null,
      ]
      return new Set(units.filter((unit) => unit !== null))
    },
  }
}

/** How long items wait for the views, milliseconds; then a caller who waits is refused. */
const timeoutMs = 800

/** Whether the views that items are made from have all events up to there. */
export const viewsHave = ({ views }: Pick<Deps, 'views'>, position: Position): Promise<boolean> =>
  views.reached(position, timeoutMs, viewsOfItems)
