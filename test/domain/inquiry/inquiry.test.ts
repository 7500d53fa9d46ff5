/** Inquiries (rulebook §12): every act, what it produces, and when it is refused. */
import { describe, expect, it } from '@jest/globals'
import type { Actor } from '../../../domain/authority.ts'
import { type InquiryEvent, inquiryEventData } from '../../../domain/inquiry/events.ts'
import { type InquiryCommand, inquiryAggregate } from '../../../domain/inquiry/inquiry.ts'
import type { Inquiry } from '../../../domain/inquiry/state.ts'
import { Refusal } from '../../../domain/refusal.ts'
import { instant, master, masterWith, of, sealed } from '../../support/given.ts'

const csr = of('csr')
const se = of('se')

const registration = {
  inquiryNo: 'Q1',
  externalNo: null,
  subjectId: 's1',
  channel: 'phone' as const,
  topic: 'price',
  dealer: 'D001',
  customer: sealed('customer'),
  text: sealed('question'),
}
const asked: InquiryEvent = { type: 'InquiryRegistered', data: { ...registration, rbo: 'EAST' } }
const frozen = { provisional: false, calendar: 'CN', calendarVersion: 3, policyVersion: 4 }
const answerClock = { dueAt: instant('2026-03-04 00:00'), ...frozen, workingDays: 1 }
const relayClock = { dueAt: instant('2026-03-02 12:00'), ...frozen, minutes: 120 }
const forwarded: InquiryEvent = { type: 'InquiryForwarded', data: { clock: answerClock, text: null } }
const answered: InquiryEvent = {
  type: 'InquiryAnswered',
  data: { by: 'csc', clock: relayClock, text: sealed('answer') },
}
const relayed: InquiryEvent = {
  type: 'InquiryRelayed',
  data: { method: 'phone', reached: true, text: null },
}
const withdrawn: InquiryEvent = { type: 'InquiryWithdrawn', data: { text: sealed('reason') } }
const became: InquiryEvent = {
  type: 'InquiryBecameComplaint',
  data: { category: 'A4a', dealer: null, flags: [], sameProblemAs: 'auto' },
}
const named: InquiryEvent = { type: 'InquiryTicketNamed', data: { ticketNo: 'T1', outcome: 'registered' } }
const reopened: InquiryEvent = {
  type: 'InquiryReopened',
  data: { refused: { code: 'inactive_dealer', params: { code: 'D009' }, pointer: '#/dealerCode' } },
}

const valid = ({ type, data }: InquiryEvent): void =>
  expect([type, inquiryEventData[type].parse(data)]).toStrictEqual([type, data])

const fold = (events: readonly InquiryEvent[]): Inquiry | null =>
  events.reduce<Inquiry | null>((state, event) => {
    valid(event)
    const recording = { recordedAt: instant('2026-03-02 10:00'), actor: { id: 'a', role: 'csr' } }
    return inquiryAggregate.evolve(state, event, recording)
  }, null)

const given = (...events: InquiryEvent[]) => ({
  when: (command: InquiryCommand, actor: Actor = csr, time = '2026-03-02 10:00', known = master) => {
    const state = fold(events)
    const outcome = (() => {
      try {
        inquiryAggregate.authorise(state, command, actor)
        return inquiryAggregate.decide(state, command, { master: known, now: instant(time) })
      } catch (error) {
        if (error instanceof Refusal) return error
        throw error
      }
    })()
    const then = (...expected: InquiryEvent[]): void => {
      expect(outcome).toStrictEqual(expected)
      for (const each of expected) valid(each)
    }
    return {
      then,
      thenRefused: (code: string, pointer?: string): void => {
        expect(outcome).toBeInstanceOf(Refusal)
        const refusal = outcome as Refusal
        expect([refusal.code, refusal.pointer]).toEqual([code, pointer])
      },
    }
  },
})

const register = { type: 'RegisterInquiry' as const, ...registration, answer: null }
const forward = { type: 'ForwardInquiry' as const, text: null }
const answer = { type: 'AnswerInquiry' as const, text: sealed('answer') }
const relay = { type: 'RelayInquiry' as const, method: 'phone' as const, reached: true, text: null }
const withdraw = { type: 'WithdrawInquiry' as const, text: sealed('reason') }
const become = { type: 'BecomeComplaint' as const, ...(became.data as object) } as InquiryCommand

describe('registering', () => {
  it('is open, with the RBO of its dealer', () => given().when(register).then(asked))

  it('with an answer is answered at once, to be passed on within 120 service minutes', () =>
    given()
      .when({ ...register, answer: sealed('answer') })
      .then(asked, answered))

  it('needs no dealer', () => {
    const alone = { ...registration, dealer: null }
    given()
      .when({ ...register, dealer: null })
      .then({ type: 'InquiryRegistered', data: { ...alone, rbo: null } })
  })

  it('refuses a topic that the policy does not have', () => {
    given()
      .when({ ...register, topic: 'weather' })
      .thenRefused('unknown_topic', '#/topic')
    const topics = [{ code: 'weather', zh: '天气', en: 'Weather' }]
    const known = masterWith({ inquiry: { topics, answerWorkingDays: 1, relayMinutes: 120 } })
    given().when(register, csr, '2026-03-02 10:00', known).thenRefused('unknown_topic', '#/topic')
  })

  it('refuses a dealer that nobody entered', () =>
    given()
      .when({ ...register, dealer: 'D999' })
      .thenRefused('unknown_dealer', '#/dealerCode'))

  it('twice under one number is once', () => given(asked).when(register).then())
})

describe('forwarding', () => {
  it('gives the SE until the end of the next working day', () => {
    given(asked).when(forward).then(forwarded)
    const friday = { ...answerClock, dueAt: instant('2026-03-10 00:00') }
    given(asked)
      .when(forward, csr, '2026-03-06 17:00')
      .then({ type: 'InquiryForwarded', data: { clock: friday, text: null } })
  })

  it('counts by the numbers of the policy', () => {
    const { topics } = master.policy.values.inquiry
    const known = masterWith({ inquiry: { topics, answerWorkingDays: 3, relayMinutes: 60 } })
    const clock = { ...answerClock, dueAt: instant('2026-03-06 00:00'), workingDays: 3 }
    given(asked)
      .when(forward, csr, '2026-03-02 10:00', known)
      .then({ type: 'InquiryForwarded', data: { clock, text: null } })
    const minutes = { ...relayClock, dueAt: instant('2026-03-02 11:00'), minutes: 60 }
    given(asked)
      .when(answer, csr, '2026-03-02 10:00', known)
      .then({ type: 'InquiryAnswered', data: { by: 'csc', clock: minutes, text: sealed('answer') } })
  })

  it.each([
    ['forwarded', [asked, forwarded]],
    ['answered', [asked, answered]],
    ['closed', [asked, answered, relayed]],
    ['withdrawn', [asked, withdrawn]],
  ])('refuses one that is %s', (_, events) =>
    given(...events)
      .when(forward)
      .thenRefused('inquiry_wrong_state'),
  )
})

describe('answering', () => {
  it('at once is for the CSC, as long as nobody forwarded it', () => {
    given(asked).when(answer).then(answered)
    given(asked).when(answer, se).thenRefused('role_not_allowed')
  })

  it('what was forwarded is for the SE', () => {
    const bySe: InquiryEvent = {
      type: 'InquiryAnswered',
      data: { by: 'se', clock: relayClock, text: sealed('answer') },
    }
    given(asked, forwarded).when(answer, se).then(bySe)
    given(asked, forwarded).when(answer).thenRefused('role_not_allowed')
  })

  it('after hours leaves the CSC the minutes of the next morning', () => {
    const clock = { ...relayClock, dueAt: instant('2026-03-03 10:30') }
    given(asked)
      .when(answer, csr, '2026-03-02 17:30')
      .then({ type: 'InquiryAnswered', data: { by: 'csc', clock, text: sealed('answer') } })
  })

  it.each([
    ['answered', [asked, answered]],
    ['closed', [asked, answered, relayed]],
    ['withdrawn', [asked, withdrawn]],
  ])('refuses one that is %s', (_, events) => {
    given(...events)
      .when(answer)
      .thenRefused('inquiry_wrong_state')
    given(...events)
      .when(answer, se)
      .thenRefused('inquiry_wrong_state')
    given(...events)
      .when(answer, of('dealer'))
      .thenRefused('role_not_allowed')
  })
})

describe('passing the answer on', () => {
  it('closes it, once the customer is reached', () => {
    given(asked, answered).when(relay).then(relayed)
    expect(fold([asked, answered, relayed])).toMatchObject({ state: 'closed' })
  })

  it('in vain is an attempt', () => {
    const attempt: InquiryEvent = {
      type: 'InquiryRelayed',
      data: { method: 'phone', reached: false, text: null },
    }
    given(asked, answered)
      .when({ ...relay, reached: false })
      .then(attempt)
    given(asked, answered, attempt).when(relay).then(relayed)
  })

  it.each([
    ['open', [asked]],
    ['forwarded', [asked, forwarded]],
    ['closed', [asked, answered, relayed]],
    ['withdrawn', [asked, withdrawn]],
  ])('refuses one that is %s', (_, events) =>
    given(...events)
      .when(relay)
      .thenRefused('inquiry_wrong_state'),
  )
})

describe('withdrawing', () => {
  it('ends what nobody answered', () => {
    given(asked).when(withdraw).then(withdrawn)
    given(asked, forwarded).when(withdraw, of('csc_supervisor')).then(withdrawn)
  })

  it('is for agents and their supervisor', () =>
    given(asked).when(withdraw, of('csc_system')).thenRefused('role_not_allowed'))

  it.each([
    ['answered', [asked, answered]],
    ['closed', [asked, answered, relayed]],
    ['withdrawn', [asked, withdrawn]],
  ])('refuses one that is %s', (_, events) =>
    given(...events)
      .when(withdraw)
      .thenRefused('inquiry_wrong_state'),
  )
})

describe('becoming a complaint', () => {
  it.each([
    ['open', [asked]],
    ['forwarded', [asked, forwarded]],
    ['answered', [asked, answered]],
  ])('closes one that is %s, and names the ticket', (state, events) => {
    given(...events)
      .when(become)
      .then(became)
    given(...events, became)
      .when({ type: 'NameTicket', ...named.data } as InquiryCommand)
      .then(named)
    expect(fold([...events, became, named])).toMatchObject({
      state: 'closed',
      complaint: { before: state, ticketNo: 'T1' },
    })
  })

  it('refused, leaves the inquiry as it was', () => {
    const refusal = { type: 'ReopenInquiry', ...reopened.data } as InquiryCommand
    given(asked, forwarded, became).when(refusal).then(reopened)
    expect(fold([asked, forwarded, became, reopened])).toMatchObject({
      ...fold([asked, forwarded]),
      lastAt: expect.anything(),
    })
  })

  it('names its ticket once, and is not opened again afterwards', () => {
    given(asked, became, named)
      .when({ type: 'NameTicket', ...named.data } as InquiryCommand)
      .then()
    given(asked, became, named)
      .when({ type: 'ReopenInquiry', ...reopened.data } as InquiryCommand)
      .then()
    given(asked)
      .when({ type: 'NameTicket', ...named.data } as InquiryCommand)
      .then()
  })

  it('needs a customer', () => {
    const nobody: InquiryEvent = { ...asked, data: { ...asked.data, customer: null } } as InquiryEvent
    given(nobody).when(become).thenRefused('inquiry_without_customer')
  })

  it.each([
    ['closed', [asked, answered, relayed]],
    ['a complaint already', [asked, became]],
    ['withdrawn', [asked, withdrawn]],
  ])('refuses one that is %s', (_, events) =>
    given(...events)
      .when(become)
      .thenRefused('inquiry_wrong_state'),
  )
})

describe('who', () => {
  it.each<[InquiryCommand, string]>([
    [register, 'csr csc_system'],
    [forward, 'csr csc_system'],
    [relay, 'csr csc_system'],
    [become, 'csr csc_system'],
    [withdraw, 'csr csc_supervisor'],
  ])('may give $type', (command, roles) => {
    const all = [
      'csr',
      'csr_media',
      'csc_system',
      'csc_supervisor',
      'dealer',
      'rbo',
      'se',
      'se_media',
      'sa',
    ] as const
    const may = all.filter((role) => {
      try {
        return inquiryAggregate.authorise(fold([asked]), command, of(role)) === role
      } catch {
        return false
      }
    })
    expect(may.join(' ')).toBe(roles)
  })
})
