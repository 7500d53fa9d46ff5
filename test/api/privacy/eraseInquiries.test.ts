/** Erasing a customer who asked (rulebook §17): inquiries are found, erased, and keep from erasing while they are open. */
import { expect, it } from '@jest/globals'
import type { InquiryEvent } from '../../../domain/inquiry/events.ts'
import { testOnBothEngines } from '../../support/bothEngines.ts'
import { csr, problemOf, type Scenario, sa, se, startScenario } from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'

const phone = '13911112222'
const customer = { name: '赵一', phone }
const vehicle = { vin: 'LSVAA4182E2123456' }

const ask = async (s: Scenario, more: Json = {}): Promise<Json> => {
  const body = { channel: 'phone', topic: 'price', question: '咨询甲', customer, vehicle, ...more }
  const answer = await s.post(csr, 'inquiries', body)
  expect(answer.status).toBe(201)
  return answer.body
}
const act = async (s: Scenario, inquiryNo: string, path: string, body: Json, who = csr): Promise<Json> => {
  const answer = await s.post(who, `inquiries/${inquiryNo}/${path}`, body)
  expect([answer.status < 300, answer.text]).toEqual([true, answer.text])
  return answer.body
}
const erase = (s: Scenario, subjectId: string) =>
  s.post(sa, `privacy/subjects/${subjectId}/erase`, { reason: '客户要求' })
const found = async (s: Scenario, keys: Json): Promise<Json[]> =>
  (await s.post(sa, 'privacy/subjects/search', keys)).body.items

const withService = async (
  eventStore: string | undefined,
  work: (s: Scenario) => Promise<void>,
): Promise<void> => {
  const s = await startScenario(eventStore === undefined ? {} : { eventStore })
  try {
    await work(s)
  } finally {
    await s.service.close()
  }
}

testOnBothEngines(
  'a customer known only by an inquiry is found and erased, when the inquiry is over',
  (eventStore) =>
    withService(eventStore, async (s) => {
      const { inquiryNo, customer: asker } = await ask(s)
      const { subjectId } = asker
      for (const keys of [{ phone }, vehicle])
        expect(await found(s, keys)).toMatchObject([
          { subjectId, tickets: [], inquiries: [{ inquiryNo, state: 'open' }] },
        ])
      const steps: [string, Json, typeof csr][] = [
        ['forward', { note: '转交甲' }, csr],
        ['answer', { answer: '答复甲' }, se],
        ['relay', { method: 'phone', reached: true, note: '告知甲' }, csr],
      ]
      for (const [path, body, who] of steps) {
        expect(problemOf(await erase(s, subjectId))).toMatchObject({
          status: 409,
          code: 'subject_has_open_inquiry',
        })
        await act(s, inquiryNo, path, body, who)
      }
      expect((await erase(s, subjectId)).status).toBe(200)
      for (const path of ['', '/timeline'])
        expect((await s.get(`inquiries/${inquiryNo}${path}`)).text).not.toMatch(
          /赵一|13911112222|LSVAA|咨询甲|转交甲|答复甲|告知甲/,
        )
      for (const keys of [{ phone }, vehicle]) expect(await found(s, keys)).toEqual([])
      // who asks again is somebody new
      expect((await ask(s)).customer.subjectId).not.toBe(subjectId)
    }),
)

it('an inquiry that became a complaint is erased with its ticket, once that is over', () =>
  withService(undefined, async (s) => {
    const { inquiryNo, customer: asker } = await ask(s)
    const { ticketNo } = await act(s, inquiryNo, 'complaint', { category: 'A4a', dealerCode: 'D001' })
    expect(problemOf(await erase(s, asker.subjectId))).toMatchObject({ code: 'subject_has_open_ticket' })
    await s.respond(ticketNo)
    await s.close(ticketNo)
    expect((await erase(s, asker.subjectId)).status).toBe(200)
    expect((await s.ticket(ticketNo)).content).toBeNull()
    expect((await s.get(`inquiries/${inquiryNo}`)).body.question).toBeNull()
  }))

it('an inquiry whose complaint is still being taken in is open', () =>
  withService(undefined, async (s) => {
    const { inquiryNo, customer: asker, version } = await ask(s)
    const { deps } = s.service
    // as a crash between the halves leaves it
    const data = { category: 'A4a', dealer: 'D001', flags: [], sameProblemAs: 'auto' }
    const event: InquiryEvent = { type: 'InquiryBecameComplaint', data } as InquiryEvent
    const commandId = deps.newCommandId()
    const metadata = {
      commandId,
      actor: { id: 'csr', role: 'csr' },
      correlationId: commandId,
      recordedAt: deps.now(),
    }
    await deps.store.append(`inquiry-${inquiryNo}`, version, [{ ...event, id: commandId, metadata }])
    expect((await s.get(`inquiries/${inquiryNo}`)).body.state).toBe('closed')
    expect(problemOf(await erase(s, asker.subjectId))).toMatchObject({ code: 'subject_has_open_inquiry' })
    s.go('2037-03-02 10:00')
    expect((await s.post(sa, 'privacy/retention', {})).body.subjects).toEqual([])
  }))

it('is forgotten by a rebuild, and where keys alone were destroyed before the views heard of it', () =>
  withService(undefined, async (s) => {
    const { inquiryNo, customer: asker } = await ask(s)
    await act(s, inquiryNo, 'withdraw', { reason: '重复' })
    await erase(s, asker.subjectId)
    const { inquiries } = s.service.deps.views
    const hash = s.service.deps.sealing.lookupHash('phone', phone)
    expect(inquiries.subjectsOf(hash)).toEqual([])
    expect(inquiries.subjectOf(null, hash)).toBeNull()
  }))
