/** The data of an event for a webhook: as an administrator sees it, without any personal data of the customer. */
import { type Announcement, announcedOf, subjectOf } from '../../domain/announced.ts'
import { type AnnouncedName, announcedEvents } from '../../domain/announcedNames.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { isWithin, placeOfDealer } from '../../domain/scope.ts'
import { type Webhook, wantsEvent } from '../../domain/webhooks/webhook.ts'
import type { CommandDeps } from '../commands/deps.ts'
import { closedReader } from '../commands/tickets/personal.ts'
import { factsOf, objectionOf, versionOf } from '../live/facts.ts'
import { findSubject, subjectFields } from '../live/subjects.ts'
import { contactReader, smsContactsOf } from './contacts.ts'

type Deps = Pick<CommandDeps, 'views' | 'sealing' | 'now'>

/** Names with which the contacts of the holding dealer go, for the SMS gateway (rulebook §13). */
const withContacts: ReadonlySet<AnnouncedName> = new Set([
  'ticket.dispatched',
  'ticket.overdue',
  'warning.raised',
])

/** What of an event a webhook gets; `null`: nothing. Imports are not announced. */
export const itemFor = (
  { views }: Pick<Deps, 'views'>,
  event: StoredEvent,
  webhook: Pick<Webhook, 'events' | 'rbo' | 'dealer'>,
): Announcement | null => {
  const announced = announcedOf(event)
  if (announced === null || !wantsEvent(webhook, announced.name)) return null
  const { rbo, dealer } = webhook
  if (rbo === null && dealer === null) return announced
  const { about } = announcedEvents[announced.name]
  const objection = about === 'objection' ? objectionOf({ views }, event) : null
  const isTheirs = [
    findSubject({ views }, announced.subject)?.place,
    // the dealer that objected may have lost the ticket
    objection === null ? undefined : placeOfDealer(objection.dealer, objection.rbo),
  ].some(
    (place) =>
      place !== undefined &&
      (rbo === null || isWithin(place, { kind: 'rbo', code: rbo })) &&
      (dealer === null || isWithin(place, { kind: 'dealer', code: dealer })),
  )
  return isTheirs ? announced : null
}

type PersonalRow = { customer?: unknown; vehicle?: unknown; name?: unknown; mobile?: unknown }

/** A row without what it has of persons; `isTold`: the contact it is about may be named. */
const withoutPersons = ({ customer: _, vehicle: __, name, mobile, ...rest }: PersonalRow, isTold: boolean) =>
  isTold ? { ...rest, name, mobile } : rest

/** The data of an event as it is sent: what it is about as that is now. */
export const dataFor = (
  deps: Deps,
  event: StoredEvent,
  name: string,
  { includeContacts }: Pick<Webhook, 'includeContacts'>,
) => {
  const { position, metadata } = event
  const subject = subjectOf(event)
  const found = subject === null ? null : findSubject(deps, subject)
  const facts = {
    ...factsOf(deps, event, announcedEvents[name as AnnouncedName]?.about),
    ...(includeContacts &&
      withContacts.has(name as AnnouncedName) && {
        contacts: smsContactsOf(deps, found?.place.holder ?? null),
      }),
  }
  const common = { position, at: metadata.recordedAt, type: name }
  if (subject === null) return { ...common, ticketNo: null, version: null, ticket: null, ...facts }
  const isTold = includeContacts && subject.kind === 'smsRequest'
  const reader = isTold ? contactReader(deps) : closedReader
  const row = found === null ? null : withoutPersons(found.row(reader, deps.now()), isTold)
  const version = found === null ? null : versionOf(event, found)
  return { ...common, version, ...subjectFields(subject, row), ...facts }
}
