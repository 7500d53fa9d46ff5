/** The data of an event for a webhook: as an administrator sees it, without any personal data of the customer. */
import {
  type Announced,
  type AnnouncedName,
  announcedEvents,
  announcedOf,
  ticketNoOf,
} from '../../domain/announced.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { isWithin } from '../../domain/scope.ts'
import { type Webhook, wantsEvent } from '../../domain/webhooks/webhook.ts'
import type { CommandDeps } from '../commands/deps.ts'
import { readerOf } from '../commands/tickets/personal.ts'
import { factsOf, versionOf } from '../live/facts.ts'
import { presentRow } from '../tickets/present.ts'
import { smsContactsOf } from './contacts.ts'

type Deps = Pick<CommandDeps, 'views' | 'sealing' | 'now'>

/** Names with which the contacts of the holding dealer go, for the SMS gateway (rulebook §12). */
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
): Announced | null => {
  const announced = announcedOf(event)
  if (announced === null || !wantsEvent(webhook, announced.name)) return null
  const { rbo, dealer } = webhook
  if (rbo === null && dealer === null) return announced
  const row = views.tickets.byNo(announced.ticketNo)
  const isTheirs =
    row !== null &&
    (rbo === null || isWithin(row, { kind: 'rbo', code: rbo })) &&
    (dealer === null || isWithin(row, { kind: 'dealer', code: dealer }))
  return isTheirs ? announced : null
}

/** The data of an event as it is sent: the ticket as it is now. */
export const dataFor = (
  deps: Deps,
  event: StoredEvent,
  name: string,
  { includeContacts }: Pick<Webhook, 'includeContacts'>,
) => {
  const { views, sealing, now } = deps
  const { position, metadata } = event
  const ticketNo = ticketNoOf(event)
  const row = ticketNo === null ? null : views.tickets.byNo(ticketNo)
  const facts = {
    ...factsOf(deps, event, announcedEvents[name as AnnouncedName]?.about),
    ...(includeContacts &&
      withContacts.has(name as AnnouncedName) && { contacts: smsContactsOf(row?.holder ?? null) }),
  }
  const common = { position, at: metadata.recordedAt, type: name, ticketNo }
  if (row === null) return { ...common, version: null, ticket: null, ...facts }
  const { customer: _, vehicle: __, ...ticket } = presentRow(row, readerOf(sealing, false), now())
  return { ...common, version: versionOf(event, row), ticket, ...facts }
}
