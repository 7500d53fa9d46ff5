/** Asking for an SMS contact, and the CSC's decision (rulebook §13). */
import type { Position } from '../../../domain/eventStore.ts'
import { Refusal } from '../../../domain/refusal.ts'
import type { SmsEvent } from '../../../domain/sms/events.ts'
import {
  type SmsCommand,
  type SmsContacts,
  type SmsRequest,
  smsAggregate,
} from '../../../domain/sms/smsContacts.ts'
import { stampAfter } from '../../../domain/stamp.ts'
import type { SubjectId } from '../../../domain/subjectKeys.ts'
import type { StaffContact } from '../../../domain/ticket/person.ts'
import { type Act, speakingOf } from '../act.ts'
import type { CommandDeps } from '../deps.ts'
import { type FoldedStream, readFound } from '../folded.ts'
import { handle } from '../handle.ts'
import type { SmsRequestBody } from './bodies.ts'

/** What a write on a dealer's contacts rests on beside its command. */
export type SmsGuards = { before(found: FoldedStream<SmsContacts>): void; once: boolean }

/** A request after a write, with the version of the dealer's contacts. */
export type SmsDone = { request: SmsRequest; version: number; position: Position | null }

type SmsWrite = { act: Act; guards: SmsGuards }

export const readSmsContacts = (
  deps: Pick<CommandDeps, 'store' | 'folded'>,
  dealer: string,
): Promise<FoldedStream<SmsContacts>> => readFound(deps, smsAggregate, dealer)

const fieldNames = ['name', 'mobile', 'duty'] as const

/** @throws Refusal `sms_field_required`, `sms_field_not_wanted` */
const requireFields = (body: SmsRequestBody): void => {
  const { action } = body
  const given = fieldNames.filter((field) => body[field] !== null)
  const refuse = (code: 'sms_field_required' | 'sms_field_not_wanted', field: string): never => {
    throw new Refusal(code, { action, field }, `#/${field}`)
  }
  if (action === 'add') {
    if (body.contactId !== null) refuse('sms_field_not_wanted', 'contactId')
    for (const field of fieldNames) if (body[field] === null) refuse('sms_field_required', field)
    return
  }
  if (body.contactId === null) refuse('sms_field_required', 'contactId')
  if (action === 'change' && given.length === 0) refuse('sms_field_required', 'name')
  if (action === 'delete' && given[0] !== undefined) refuse('sms_field_not_wanted', given[0])
}

const noContact = (contactId: string): Refusal =>
  new Refusal('unknown_sms_contact', { contactId }, '#/contactId')

/** The command: what was left out stays as the contact has it. @throws Refusal `unknown_sms_contact` */
const requestCommand = (
  { sealing, views }: CommandDeps,
  body: SmsRequestBody,
  ids: { dealer: string; contactId: SubjectId; requestId: string },
  state: SmsContacts | null,
): SmsCommand => {
  const { action, name, mobile, duty } = body
  const { contactId } = ids
  const known = state?.contacts.get(contactId)
  if (action !== 'add' && known !== undefined && views.subjects.isErased(contactId))
    throw noContact(contactId)
  const before = known === undefined ? null : (sealing.open(known.text) as StaffContact | null)
  const after: StaffContact = { name: name ?? before?.name ?? null, mobile: mobile ?? before?.mobile ?? null }
  return {
    type: 'RequestSmsContact',
    ...ids,
    action,
    // of a contact that is not there the decision refuses the request
    duty: duty ?? known?.duty ?? 'handler',
    text: known !== undefined && action === 'delete' ? known.text : sealing.seal(contactId, after),
  }
}

/** Gives the dealer's contacts a command. */
const handleSms = async (
  deps: CommandDeps,
  { dealer, requestId }: { dealer: string; requestId: string },
  make: (state: SmsContacts | null) => SmsCommand,
  { act, guards }: SmsWrite,
): Promise<SmsDone> => {
  const { state, version, position } = await handle<SmsContacts, SmsCommand, SmsEvent>(
    deps,
    smsAggregate,
    dealer,
    {
      act,
      ...guards,
      at: (found) => (found === null ? act.now : stampAfter(act.now, found.lastAt)),
      command: (found) => make(found.state),
    },
  )
  return { request: state?.requests.get(requestId) as SmsRequest, version, position }
}

/**
 * Asks for a contact, a change of one, or its deletion. A new contact is a new data subject.
 * @throws Refusal, see `smsAggregate`, and `sms_field_required`, `sms_field_not_wanted`; Conflict, see `handle`
 */
export const requestSmsContact = async (
  deps: CommandDeps,
  dealer: string,
  body: SmsRequestBody,
  { act, guards }: SmsWrite,
): Promise<SmsDone> => {
  requireFields(body)
  const contactId = body.contactId ?? (await deps.subjects.create())
  const { state } = await readSmsContacts(deps, dealer)
  if (body.action !== 'add' && !state?.contacts.has(contactId)) {
    const asked = [...(state?.requests.values() ?? [])].some((each) => each.contactId === contactId)
    // an open request about it is refused with its own code below
    if (!asked) throw noContact(contactId)
  }
  const ids = { dealer, contactId, requestId: act.commandId }
  return handleSms(deps, ids, (found) => requestCommand(deps, body, ids, found), {
    act: speakingOf(act, contactId),
    guards,
  })
}

/**
 * Accepts a request, or refuses it with a reason.
 * @throws Refusal `sms_request_not_found`, `sms_request_decided`, `role_not_allowed`; Conflict, see `handle`
 */
export const decideSmsRequest = async (
  deps: CommandDeps,
  ids: { dealer: string; requestId: string },
  reason: string | null,
  { act, guards }: SmsWrite,
): Promise<SmsDone> => {
  const { requestId } = ids
  const asked = (await readSmsContacts(deps, ids.dealer)).state?.requests.get(requestId)
  const make = (state: SmsContacts | null): SmsCommand => {
    const contactId = state?.requests.get(requestId)?.contactId
    if (reason === null || contactId === undefined) return { type: 'AcceptSmsContact', requestId }
    return { type: 'RefuseSmsContact', requestId, text: deps.sealing.seal(contactId, { reason }) }
  }
  const speaking = asked === undefined ? act : speakingOf(act, asked.contactId)
  return handleSms(deps, ids, make, { act: speaking, guards })
}
