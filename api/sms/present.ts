/** SMS contacts and the requests about them to the JSON of the contract. */
import type { SmsContacts, SmsRequest } from '../../domain/sms/smsContacts.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import type { SmsRequestAnswer } from './responseSchemas.ts'

/** Gives the reader for a contact, by its number. */
export type ContactReader = (contactId: string) => Reader

export const presentSmsRequest = (request: SmsRequest, reader: Reader): SmsRequestAnswer => {
  const { requestId, dealer, action, contactId, duty, status } = request
  const { requestedAt, requestedBy, decidedAt, decidedBy } = request
  return {
    requestId,
    dealer,
    action,
    contactId,
    ...reader.contact(request.text),
    duty,
    status,
    requestedAt,
    requestedBy,
    decidedAt,
    decidedBy,
    reason: reader.text(request.reason).reason ?? null,
  }
}

/** All of a dealer; a contact that was erased is none any more. */
export const presentSmsContacts = (state: SmsContacts | null, readerFor: ContactReader) => ({
  contacts: [...(state?.contacts.values() ?? [])].flatMap(({ contactId, duty, text, acceptedAt }) => {
    const person = readerFor(contactId).contact(text)
    return person.name === null ? [] : [{ contactId, ...person, duty, acceptedAt }]
  }),
  requests: [...(state?.requests.values() ?? [])]
    .toReversed()
    .map((request) => presentSmsRequest(request, readerFor(request.contactId))),
})
