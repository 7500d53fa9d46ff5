/** What a webhook is told of an event: as an administrator sees it, without any personal data of the customer. */
import { type Announced, type AnnouncedName, announcedOf, ticketNoOf } from '../../domain/announced.ts'
import type { DueFact } from '../../domain/dues.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { isWithin } from '../../domain/scope.ts'
import { type Webhook, wantsEvent } from '../../domain/webhooks/webhook.ts'
import type { CommandDeps } from '../commands/deps.ts'
import { readerOf } from '../commands/tickets/personal.ts'
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

/** The warning an event is about, with what is no text of a person. */
const warningOf = ({ views }: Pick<Deps, 'views'>, { data }: StoredEvent) => {
  const { warningId, subject } = data as { warningId?: string; subject?: string }
  const warning = views.warnings.byId(warningId ?? subject ?? '')
  if (warning === null) return null
  const { code, sentTo, raisedAt, ackDueAt, acknowledgedAt, resolvedAt } = warning
  return { warningId: warning.warningId, code, sentTo, raisedAt, ackDueAt, acknowledgedAt, resolvedAt }
}

/** The data of an event as it is sent: the ticket as it is now. */
export const dataFor = (
  deps: Deps,
  event: StoredEvent,
  name: string,
  { includeContacts }: Pick<Webhook, 'includeContacts'>,
) => {
  const { views, sealing, now } = deps
  const { position, metadata, type, data } = event
  const ticketNo = ticketNoOf(event)
  const row = ticketNo === null ? null : views.tickets.byNo(ticketNo)
  const facts = {
    ...(name.startsWith('warning.') && { warning: warningOf(deps, event) }),
    ...((type === 'DuePassed' || type === 'DueNear') && { due: dueOf(data as DueFact['data']) }),
    ...(includeContacts &&
      withContacts.has(name as AnnouncedName) && { contacts: smsContactsOf(row?.holder ?? null) }),
  }
  const common = { position, at: metadata.recordedAt, type: name, ticketNo }
  if (row === null) return { ...common, version: null, ticket: null, ...facts }
  const { customer: _, vehicle: __, ...ticket } = presentRow(row, readerOf(sealing, false), now())
  return { ...common, version: type in noVersion ? row.version : event.version, ticket, ...facts }
}

/** Facts of dues are in streams of their own: their version is none of the ticket's. */
const noVersion = { DuePassed: true, DueNear: true }

const dueOf = ({ clock, startedAt, dueAt, unit }: DueFact['data']) => ({ clock, startedAt, dueAt, unit })
