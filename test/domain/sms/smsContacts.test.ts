/** SMS contacts (rulebook §13): every act, what it produces, and when it is refused. */
import { describe, expect, it } from '@jest/globals'
import type { Actor } from '../../../domain/authority.ts'
import { Refusal } from '../../../domain/refusal.ts'
import { dealerOfSmsStream, type SmsEvent, smsEventData, smsStream } from '../../../domain/sms/events.ts'
import { type SmsCommand, type SmsContacts, smsAggregate } from '../../../domain/sms/smsContacts.ts'
import { dealer, instant, master, of, sealed } from '../../support/given.ts'

const csr = of('csr')
const requested = (
  requestId: string,
  action: 'add' | 'change' | 'delete' = 'add',
  contactId = 'c1',
): SmsEvent & { type: 'SmsContactRequested' } => ({
  type: 'SmsContactRequested',
  data: {
    requestId,
    dealer: 'D001',
    action,
    contactId,
    duty: 'handler',
    text: sealed(`${action} ${requestId}`),
  },
})
const accepted = (requestId: string): SmsEvent => ({ type: 'SmsContactAccepted', data: { requestId } })
const refused = (requestId: string): SmsEvent => ({
  type: 'SmsContactRefused',
  data: { requestId, text: sealed('reason') },
})
const asking = ({ data }: ReturnType<typeof requested>): SmsCommand => ({
  type: 'RequestSmsContact',
  ...data,
})
const accept = (requestId: string): SmsCommand => ({ type: 'AcceptSmsContact', requestId })
const refuse = (requestId: string): SmsCommand => ({
  type: 'RefuseSmsContact',
  requestId,
  text: sealed('reason'),
})

const valid = ({ type, data }: SmsEvent): void =>
  expect([type, smsEventData[type].parse(data)]).toStrictEqual([type, data])

const fold = (events: readonly SmsEvent[]): SmsContacts | null =>
  events.reduce<SmsContacts | null>((state, event) => {
    valid(event)
    const recording = { recordedAt: instant('2026-03-02 10:00'), actor: { id: 'a', role: 'csr' } }
    return smsAggregate.evolve(state, event, recording)
  }, null)

const given = (...events: SmsEvent[]) => ({
  when: (command: SmsCommand, actor: Actor = command.type === 'RequestSmsContact' ? dealer() : csr) => {
    const state = fold(events)
    const outcome = (() => {
      try {
        smsAggregate.authorise(state, command, actor)
        return smsAggregate.decide(state, command, { master, now: instant('2026-03-02 10:00') })
      } catch (error) {
        if (error instanceof Refusal) return error
        throw error
      }
    })()
    const then = (...expected: SmsEvent[]): void => {
      expect(outcome).toStrictEqual(expected)
      for (const each of expected) valid(each)
    }
    return {
      then,
      thenRefused: (code: string, pointer?: string): void => {
        expect(outcome).toBeInstanceOf(Refusal)
        expect([(outcome as Refusal).code, (outcome as Refusal).pointer]).toEqual([code, pointer])
      },
    }
  },
})

describe('asking', () => {
  it('for a new contact is a request', () =>
    given()
      .when(asking(requested('r1')))
      .then(requested('r1')))

  it('for another is as good while one is open', () =>
    given(requested('r1'))
      .when(asking(requested('r2', 'add', 'c2')))
      .then(requested('r2', 'add', 'c2')))

  it.each(['change', 'delete'] as const)('to %s an accepted contact is a request', (action) =>
    given(requested('r1'), accepted('r1'))
      .when(asking(requested('r2', action)))
      .then(requested('r2', action)),
  )

  it.each(['change', 'delete'] as const)('to %s is refused where the contact is not there', (action) => {
    const ask = asking(requested('r9', action))
    given().when(ask).thenRefused('unknown_sms_contact', '#/contactId')
    given(requested('r1'), refused('r1')).when(ask).thenRefused('unknown_sms_contact', '#/contactId')
    given(requested('r1'), accepted('r1'), requested('r2', 'delete'), accepted('r2'))
      .when(ask)
      .thenRefused('unknown_sms_contact', '#/contactId')
  })

  it('is refused while another request about the contact is open', () => {
    const ask = asking(requested('r9', 'change'))
    given(requested('r1')).when(ask).thenRefused('sms_request_open', '#/contactId')
    given(requested('r1'), accepted('r1'), requested('r2', 'delete'))
      .when(ask)
      .thenRefused('sms_request_open', '#/contactId')
    given(requested('r1'), accepted('r1'), requested('r2', 'delete'), refused('r2'))
      .when(ask)
      .then(requested('r9', 'change'))
  })

  it('is for the people of the dealer', () => {
    const ask = asking(requested('r1'))
    given().when(ask, dealer('D002')).thenRefused('not_this_dealer')
    for (const role of ['csr', 'rbo', 'se', 'hq_sales', 'admin'] as const)
      given().when(ask, of(role)).thenRefused('role_not_allowed')
  })

  it('of a dealer that nobody entered is refused', () => {
    const { data } = requested('r1')
    const command = asking({ type: 'SmsContactRequested', data: { ...data, dealer: 'D999' } })
    given().when(command, dealer('D999')).thenRefused('dealer_not_found')
  })
})

describe('deciding', () => {
  it('accepts or refuses an open request', () => {
    given(requested('r1')).when(accept('r1')).then(accepted('r1'))
    given(requested('r1')).when(refuse('r1')).then(refused('r1'))
  })

  it.each([accept, refuse])('is done once', (decide) => {
    given(requested('r1'), accepted('r1')).when(decide('r1')).thenRefused('sms_request_decided')
    given(requested('r1'), refused('r1')).when(decide('r1')).thenRefused('sms_request_decided')
  })

  it.each([accept, refuse])('is refused where there is no such request', (decide) => {
    given().when(decide('r1')).thenRefused('sms_request_not_found')
    given(requested('r1')).when(decide('r2')).thenRefused('sms_request_not_found')
  })

  it('is for the CSC', () => {
    given(requested('r1')).when(accept('r1'), of('csc_system')).then(accepted('r1'))
    for (const role of ['dealer', 'csr_media', 'csc_supervisor', 'se', 'sa'] as const)
      given(requested('r1')).when(accept('r1'), of(role)).thenRefused('role_not_allowed')
  })
})

describe('the contacts of a dealer', () => {
  const contactsAfter = (...events: SmsEvent[]) => [...(fold(events)?.contacts.values() ?? [])]

  it('are those that were accepted, as the newest accepted request says', () => {
    expect(contactsAfter(requested('r1'))).toEqual([])
    const first = {
      contactId: 'c1',
      duty: 'handler',
      text: sealed('add r1'),
      acceptedAt: instant('2026-03-02 10:00'),
    }
    expect(contactsAfter(requested('r1'), accepted('r1'))).toEqual([first])
    const changed = [requested('r1'), accepted('r1'), requested('r2', 'change')]
    expect(contactsAfter(...changed)).toEqual([first])
    expect(contactsAfter(...changed, refused('r2'))).toEqual([first])
    expect(contactsAfter(...changed, accepted('r2'))).toEqual([{ ...first, text: sealed('change r2') }])
    expect(contactsAfter(...changed, accepted('r2'), requested('r3', 'delete'), accepted('r3'))).toEqual([])
  })

  it('are in a stream of its own', () => {
    expect(dealerOfSmsStream(smsStream('D001'))).toBe('D001')
    expect(dealerOfSmsStream('dealer-D001')).toBeNull()
  })

  it('ignore a decision about a request that is not in the stream', () => {
    expect(contactsAfter(requested('r1'), accepted('r9'))).toEqual([])
  })
})
