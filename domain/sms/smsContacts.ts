/** SMS contacts 工单短信联系人 (rulebook §13): a dealer asks for people who get text messages, the CSC accepts or refuses. */
import { type Aggregate, authoriseBy, type RecordMetadata } from '../aggregate.ts'
import { type Action, type Actor, isOfUnit } from '../authority.ts'
import type { SmsDuty, SmsRequestStatus } from '../codes.ts'
import type { Context } from '../context.ts'
import type { Instant } from '../instant.ts'
import { Refusal } from '../refusal.ts'
import type { SealedText } from '../sealed.ts'
import type { SubjectId } from '../subjectKeys.ts'
import { type SmsDataOf, type SmsEvent, smsStream } from './events.ts'

/** An accepted contact; `text` is its name and mobile. */
export type SmsContact = { contactId: SubjectId; duty: SmsDuty; text: SealedText; acceptedAt: Instant }

export type SmsRequest = SmsDataOf<'SmsContactRequested'> & {
  status: SmsRequestStatus
  requestedAt: Instant
  requestedBy: string
  decidedAt: Instant | null
  decidedBy: string | null
  /** Why it was refused. */
  reason: SealedText | null
}

/** The contacts of a dealer; both maps are in the order of the first event about their keys. */
export type SmsContacts = {
  contacts: ReadonlyMap<SubjectId, SmsContact>
  requests: ReadonlyMap<string, SmsRequest>
  lastAt: Instant
}

export type SmsCommand =
  | ({ type: 'RequestSmsContact' } & SmsDataOf<'SmsContactRequested'>)
  | { type: 'AcceptSmsContact'; requestId: string }
  | { type: 'RefuseSmsContact'; requestId: string; text: SealedText }

const nothing: SmsContacts = { contacts: new Map(), requests: new Map(), lastAt: '' }

/** The contacts after a request was accepted. */
const contactsAfter = (
  contacts: SmsContacts['contacts'],
  { action, contactId, duty, text }: SmsRequest,
  acceptedAt: Instant,
): SmsContacts['contacts'] => {
  const next = new Map(contacts)
  if (action === 'delete') next.delete(contactId)
  else next.set(contactId, { contactId, duty, text, acceptedAt })
  return next
}

/** Folds one event into a dealer's contacts; never throws. */
export const evolveSms = (
  state: SmsContacts | null,
  event: SmsEvent,
  { recordedAt, actor }: RecordMetadata,
): SmsContacts => {
  const { contacts, requests } = state ?? nothing
  const lastAt = recordedAt
  if (event.type === 'SmsContactRequested') {
    const request: SmsRequest = {
      ...event.data,
      status: 'open',
      requestedAt: recordedAt,
      requestedBy: actor.id,
      decidedAt: null,
      decidedBy: null,
      reason: null,
    }
    return { contacts, requests: new Map(requests).set(request.requestId, request), lastAt }
  }
  const request = requests.get(event.data.requestId)
  if (request === undefined) return { contacts, requests, lastAt }
  const isAccepted = event.type === 'SmsContactAccepted'
  const decided: SmsRequest = {
    ...request,
    status: isAccepted ? 'accepted' : 'refused',
    decidedAt: recordedAt,
    decidedBy: actor.id,
    reason: isAccepted ? null : event.data.text,
  }
  return {
    contacts: isAccepted ? contactsAfter(contacts, request, recordedAt) : contacts,
    requests: new Map(requests).set(decided.requestId, decided),
    lastAt,
  }
}

/** One open request per contact; what is asked about a contact needs that contact. */
const request = (
  state: SmsContacts | null,
  { type: _, ...data }: SmsCommand & { type: 'RequestSmsContact' },
): SmsEvent[] => {
  const { contacts, requests } = state ?? nothing
  const open = [...requests.values()].find(
    ({ status, contactId }) => status === 'open' && contactId === data.contactId,
  )
  if (open !== undefined) throw new Refusal('sms_request_open', { requestId: open.requestId }, '#/contactId')
  if (data.action !== 'add' && !contacts.has(data.contactId))
    throw new Refusal('unknown_sms_contact', { contactId: data.contactId }, '#/contactId')
  return [{ type: 'SmsContactRequested', data }]
}

/** @throws Refusal `sms_request_not_found`, `sms_request_decided` */
const openRequest = (state: SmsContacts | null, requestId: string): SmsRequest => {
  const found = state?.requests.get(requestId)
  if (found === undefined) throw new Refusal('sms_request_not_found', { requestId })
  if (found.status !== 'open') throw new Refusal('sms_request_decided', { status: found.status })
  return found
}

/**
 * What a command makes of a dealer's contacts (`null`: nothing was ever asked for).
 * @throws Refusal `dealer_not_found`, `unknown_sms_contact`, `sms_request_open`, `sms_request_not_found`,
 * `sms_request_decided`
 */
const decideSms = (state: SmsContacts | null, command: SmsCommand, { master }: Context): SmsEvent[] => {
  switch (command.type) {
    case 'RequestSmsContact':
      if (master.dealer(command.dealer) === null)
        throw new Refusal('dealer_not_found', { code: command.dealer })
      return request(state, command)
    case 'AcceptSmsContact': {
      const { requestId } = openRequest(state, command.requestId)
      return [{ type: 'SmsContactAccepted', data: { requestId } }]
    }
    case 'RefuseSmsContact': {
      const { requestId } = openRequest(state, command.requestId)
      return [{ type: 'SmsContactRefused', data: { requestId, text: command.text } }]
    }
  }
}

const byAction = authoriseBy<SmsCommand>({
  RequestSmsContact: 'request_sms_contact',
  AcceptSmsContact: 'decide_sms_contact',
  RefuseSmsContact: 'decide_sms_contact',
} satisfies Record<SmsCommand['type'], Action>)

/** Only a dealer's own people ask for its contacts. @throws Refusal `role_not_allowed`, `not_this_dealer` */
const authoriseSms = (state: SmsContacts | null, command: SmsCommand, actor: Actor) => {
  const role = byAction(state, command, actor)
  if (command.type === 'RequestSmsContact' && !isOfUnit(actor, 'dealer', command.dealer))
    throw new Refusal('not_this_dealer', { code: command.dealer })
  return role
}

/** A dealer's contacts as an aggregate: stream `sms-contacts-<dealer>`. */
export const smsAggregate: Aggregate<SmsContacts, SmsCommand, SmsEvent, Context> = {
  stream: smsStream,
  evolve: evolveSms,
  decide: decideSms,
  authorise: authoriseSms,
  limit: { events: 4_000, refusal: 'too_many_sms_requests' },
}
