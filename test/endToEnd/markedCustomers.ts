/** Customers of the erase drill: every field, act, letter, attachment and its name, and an SMS contact, has a mark of its own. */
import { expect } from '@jest/globals'
import { formOf } from '../attachments/samples.ts'
import { csr, dealer, one, type Scenario, sa } from '../support/scenario.ts'
import type { Answer, Json, Who } from '../support/service.ts'

/** Every mark that was written, by its customer. */
export const written = new Map<number, Set<string>>()

/** What stands in a field of a customer: found by nothing else. */
export const mark = (index: number, field: string): string => {
  const text = `标记${index}号${field}字`
  written.set(index, (written.get(index) ?? new Set()).add(text))
  return text
}
export const markForm = /标记(\d+)号\w+?字/g
export const phoneOf = (index: number): string => `1370000${String(index).padStart(4, '0')}`
export const vinOf = (index: number): string => `LDRYLL${String(index).padStart(11, '0')}`
const mobileOf = (index: number): string => `1390000${String(index).padStart(4, '0')}`
/** By one of its groups: the number of the customer of whom there is something. */
const traceForm = /标记(\d+)号|1370000(\d{4})|LDRYLL(\d{11})|1390000(\d{4})/g
const traceFormInBytes = new RegExp(
  traceForm.source.replaceAll(/[标记号]/g, (each) => Buffer.from(each).toString('latin1')),
  'g',
)
const customersOf = (text: string, form: RegExp): number[] => [
  ...new Set(
    [...text.matchAll(form)].map((groups) => Number(groups.slice(1).find((each) => each !== undefined))),
  ),
]
/** The customers of whom there is something in a text, by their numbers. */
export const customersIn = (text: string): number[] => customersOf(text, traceForm).toSorted((a, b) => a - b)
export const customersInBytes = (bytes: Buffer): number[] =>
  customersOf(bytes.toString('latin1'), traceFormInBytes)

const personOf = (index: number): Json => ({
  customer: {
    customerId: mark(index, 'customerId'),
    name: mark(index, 'name'),
    phone: phoneOf(index),
    email: mark(index, 'email'),
    address: mark(index, 'address'),
    postcode: mark(index, 'p'),
    fax: mark(index, 'fax'),
    contactPerson: mark(index, 'contactPerson'),
  },
  vehicle: {
    vin: vinOf(index),
    plateNo: mark(index, 'pl'),
    engineNo: mark(index, 'en'),
    model: mark(index, 'model'),
    mileageKm: 12_000,
    purchasedOn: '2025-11-11',
    salesConsultant: mark(index, 'consultant'),
  },
})

/** What is kept of a customer, by the names that routes give it; tickets come with the number of a repeat. */
export type KeptCustomer = {
  index: number
  subjectId: string
  ticketNo: string
  repeatNo: string | null
  warningId: string
  attachmentId: string
  inquiryNo: string
  inquiryAttachmentId: string
  contactId: string
  handoverId: string
  dealer: string
}

const d002 = dealer('D002')
const hq = one('hq_sales')

const done = async (answer: Promise<Answer>): Promise<Json> => {
  const { status, text, body } = await answer
  expect([status, text]).toEqual([status === 201 ? 201 : 200, text])
  return body
}

const attach = async (s: Scenario, path: string, index: number): Promise<string> => {
  const say = (field: string) => mark(index, path.slice(0, 1) + field)
  const { body, headers } = formOf(Buffer.from(`${say('content')}\n`), {
    name: `${say('filename')}.txt`,
    fields: { description: say('described') },
  })
  return (await done(s.service.call(csr, 'POST', `/v1/${path}/attachments`, { body, headers }))).attachmentId
}

/** A complaint with text in every field of every act. */
const complain = async (s: Scenario, index: number) => {
  const say = (field: string) => mark(index, field)
  const ticketNo = await s.register({
    ...personOf(index),
    ...{ content: say('content'), initialCause: say('cause'), remedy: 'apology', remedyText: say('remedy') },
  })
  const does = (path: string, body: Json, who: Who): Promise<Json> => s.does(ticketNo, path, body, who)
  await does('contacts', { channel: 'phone', content: say('contact') }, csr)
  await does('reclassify', { category: 'A4d', reason: say('reclassify') }, sa)
  await does('recalculate', { reason: '期限重算' }, sa)
  await does('redispatch', { dealerCode: 'D002', reason: say('redispatch') }, csr)
  await does('weight', { severity: 'high', remedyText: say('words'), reason: say('weight') }, sa)
  const warned = await does('warnings', { code: 'W3', reason: say('warning') }, csr)
  const { warningId } = warned.warnings.find((each: Json) => each.code === 'W3')
  await does(`warnings/${warningId}/acknowledge`, { note: say('note') }, sa)
  await does(`warnings/${warningId}/resolve`, { result: say('resolved') }, sa)
  await does('responses', { method: 'phone', reached: true, note: say('response') }, d002)
  await does('records', { kind: 'consumer_informed', note: say('record') }, d002)
  const letter = { addressee: say('addressee'), subject: say('subject'), body: say('body') }
  await does('letters', { kind: 'customer', ...letter }, d002)
  const official = { addressee: say('medium'), subject: say('about'), body: say('statement') }
  await does('letters', { kind: 'media', ...official }, sa)
  const closing = ['result', 'measures', 'rootCause', 'customerFeedback', 'improvement']
  const words = Object.fromEntries(closing.map((field) => [field, say(field)]))
  await does('close', { ...words, improvementDepartment: say('department') }, d002)
  await does('callbacks', { outcome: 'satisfied', note: say('callback') }, csr)
  await does('correct', { customer: { address: say('corrected') }, reason: say('why') }, csr)
  const attachmentId = await attach(s, `tickets/${ticketNo}`, index)
  const removed = await attach(s, `tickets/${ticketNo}`, index)
  await does(`attachments/${removed}/remove`, { reason: say('removal') }, sa)
  await objectTo(s, ticketNo, index, attachmentId)
  return { ticketNo, warningId, attachmentId, subjectId: warned.customer.subjectId as string }
}

/** Every third is upheld, every third rejected, the others are undecided. */
const objectTo = async (s: Scenario, ticketNo: string, index: number, attachmentId: string) => {
  const reason = mark(index, 'objection')
  const body = { measures: ['response'], reason, attachmentIds: [attachmentId] }
  const { objectionId } = await done(s.post(d002, `tickets/${ticketNo}/objections`, body))
  if (index % 3 === 2) return
  const decision = index % 3 === 0 ? 'upheld' : 'rejected'
  const decided = { decision, reason: mark(index, 'decided') }
  await done(s.post(hq, `tickets/${ticketNo}/objections/${objectionId}/decide`, decided))
}

/** An inquiry with text in every act; its customer is that of the complaint. */
const ask = async (s: Scenario, index: number) => {
  const say = (field: string) => mark(index, field)
  const asked = { channel: 'phone', topic: 'price', question: say('question'), ...personOf(index) }
  const { inquiryNo } = await done(s.post(csr, 'inquiries', asked))
  const path = `inquiries/${inquiryNo}`
  const inquiryAttachmentId = await attach(s, path, index)
  await done(s.post(csr, `${path}/forward`, { note: say('forward') }))
  await done(s.post(one('se'), `${path}/answer`, { answer: say('answer') }))
  await done(s.post(csr, `${path}/relay`, { method: 'phone', reached: true, note: say('relay') }))
  return { inquiryNo, inquiryAttachmentId }
}

/** A contact of some dealer; a change that was refused leaves its reason. */
const nameContact = async (s: Scenario, index: number) => {
  const code = `D00${(index % 4) + 1}`
  const say = (field: string) => mark(index, field)
  const path = `dealers/${code}/sms-contacts`
  const person = { name: say('sms'), mobile: mobileOf(index), duty: 'handler' }
  const { contactId, requestId } = await done(s.post(dealer(code), path, { action: 'add', ...person }))
  await done(s.post(csr, `${path}/requests/${requestId}/accept`, {}))
  const change = { action: 'change', contactId, name: say('renamed') }
  const changed = await done(s.post(dealer(code), path, change))
  await done(s.post(csr, `${path}/requests/${changed.requestId}/refuse`, { reason: say('refused') }))
  return { contactId, dealer: code }
}

/** The car that is handed over, and what the customer says in the first care call. */
const handOver = async (s: Scenario, index: number): Promise<{ handoverId: string }> => {
  const say = (field: string) => mark(index, field)
  const { customer, vehicle } = personOf(index)
  const { vin, plateNo, model, salesConsultant } = vehicle
  const car = { vin, plateNo, model, salesConsultant, dealerCode: 'D002' }
  const handed = { ...car, handedOverAt: '2026-03-01T10:00:00+08:00', customer }
  const { handoverId } = await done(s.post(d002, 'handovers', handed))
  const told = { product: say('product'), service: say('service'), other: say('other') }
  const attempt = { result: 'reached', outcome: 'satisfied', ...told }
  await done(s.post(d002, `care/tasks/${handoverId}.delivery_24h/attempts`, attempt))
  return { handoverId }
}

export const liveThrough = async (s: Scenario, index: number): Promise<KeptCustomer> => {
  const complained = await complain(s, index)
  return {
    ...{ index, repeatNo: null },
    ...complained,
    ...(await ask(s, index)),
    ...(await nameContact(s, index)),
    ...(await handOver(s, index)),
  }
}

/** A repeat complaint, which the next tier handles. @returns its number */
export const complainAgain = async (s: Scenario, index: number): Promise<string> => {
  const say = (field: string) => mark(index, field)
  const repeat = await s.take({ ...personOf(index), category: 'A4d', content: say('again') })
  expect(repeat.outcome).toBe('escalated')
  const { tier, unit } = repeat.holder
  const holder = one(tier, { dealer: unit, rbo: unit })
  await s.does(repeat.ticketNo, 'responses', { method: 'phone', reached: true, note: say('r') }, holder)
  await s.does(repeat.ticketNo, 'close', { result: say('x'), measures: say('y') }, holder)
  return repeat.ticketNo
}
