/** Acts of the desks that could disagree, each kind on a record of its own (rulebook §12–§14, §17). */
import { csr, dealer, sa, scenarioOf, supervisor } from '../support/scenario.ts'
import type { Json, TestService, Who } from '../support/service.ts'
import {
  type Act,
  attached,
  type Desk,
  erase,
  get,
  hq,
  newPhone,
  post,
  type Record_,
  se,
  upload,
} from './deskParts.ts'

const asking = async (node: TestService): Promise<Record_> => {
  const phone = newPhone()
  const customer = { name: '王', phone }
  const body = { channel: 'phone', topic: 'price', question: '有优惠吗', dealerCode: 'D001', customer }
  const asked = await post(node, csr, 'inquiries', body)
  return { inquiryNo: asked.inquiryNo, subjectId: asked.customer.subjectId, phone }
}
const forwarded = async (node: TestService): Promise<Record_> => {
  const on = await asking(node)
  await post(node, csr, `inquiries/${on.inquiryNo}/forward`, { note: '请答复' })
  return on
}
const answered = async (node: TestService): Promise<Record_> => {
  const on = await forwarded(node)
  await post(node, se, `inquiries/${on.inquiryNo}/answer`, { answer: '有' })
  return on
}
const onInquiry =
  (who: Who, act: string, body: Json): Act =>
  ({ inquiryNo }) => ({ who, path: `inquiries/${inquiryNo}/${act}`, body })
const inquiryActs = {
  answer: onInquiry(se, 'answer', { answer: '有' }),
  withdraw: onInquiry(csr, 'withdraw', { reason: '客户不再需要' }),
  complaint: onInquiry(csr, 'complaint', { category: 'A4a' }),
  relay: onInquiry(csr, 'relay', { method: 'phone', reached: true, note: '已告知' }),
  attach: ({ inquiryNo }: Record_) => upload(`inquiries/${inquiryNo}`),
}
const lookAtInquiry: Desk['look'] = async (node, { inquiryNo, phone }) => {
  const inquiry = await get(node, `inquiries/${inquiryNo}`)
  const { items } = await post(node, csr, 'tickets/search', { phone })
  const attachments = await get(node, `inquiries/${inquiryNo}/attachments`)
  return {
    state: inquiry.state,
    // the ticket that it names is the one there is
    tickets: items.map(({ ticketNo }: Json) => ticketNo === inquiry.ticketNo),
    name: inquiry.customer.name,
    attachments: attachments.items.map(({ name }: Json) => name),
  }
}

const nobodyFinds = async (node: TestService): Promise<Record_> => {
  const body = {
    channel: 'phone',
    topic: 'price',
    question: '有优惠吗',
    dealerCode: 'D001',
    customer: { name: '王' },
  }
  const asked = await post(node, csr, 'inquiries', body)
  return { inquiryNo: asked.inquiryNo, subjectId: asked.customer.subjectId }
}

const onTicket =
  (who: Who, act: string, body: Json): Act =>
  ({ ticketNo }) => ({ who, path: `tickets/${ticketNo}/${act}`, body })
const opened = async (node: TestService, isFound = true): Promise<Record_> => {
  const s = scenarioOf(node)
  const ticketNo = await s.register({ customer: { phone: isFound ? newPhone() : null } })
  return { ticketNo, subjectId: (await s.ticket(ticketNo)).customer.subjectId }
}
const completed = async (node: TestService, isFound = true): Promise<Record_> => {
  const s = scenarioOf(node)
  const on = await opened(node, isFound)
  await s.respond(on.ticketNo!)
  await s.close(on.ticketNo!)
  return { ...on, attachmentId: await attached(node, `tickets/${on.ticketNo}`) }
}
const lookAtTicket: Desk['look'] = async (node, { ticketNo }) => {
  const ticket = await get(node, `tickets/${ticketNo}`)
  const { items: attachments } = await get(node, `tickets/${ticketNo}/attachments`)
  const { items: letters } = await get(node, `tickets/${ticketNo}/letters`)
  const { items: objections } = await get(node, 'objections?limit=200')
  const downloads: number[] = []
  for (const { attachmentId } of attachments)
    downloads.push((await node.call(sa, 'GET', `/v1/tickets/${ticketNo}/attachments/${attachmentId}`)).status)
  return {
    state: ticket.state,
    holder: ticket.holder,
    assignee: ticket.assignee,
    name: ticket.customer.name,
    attachments: attachments.map(({ name }: Json) => name),
    downloads,
    letters: letters.map(({ number, body }: Json) => [number, body]),
    objections: objections
      .filter((each: Json) => each.ticketNo === ticketNo)
      .map(({ status, attachmentIds, reason }: Json) => [status, attachmentIds.length, reason]),
  }
}
const rescind = onTicket(sa, 'rescind', { reason: '误登记' })

export const desks: Record<string, Desk> = {
  'a forwarded inquiry': {
    prepare: forwarded,
    acts: { ...inquiryActs, erase },
    look: lookAtInquiry,
  },
  'an answered inquiry': {
    prepare: answered,
    acts: { relay: inquiryActs.relay, complaint: inquiryActs.complaint, attach: inquiryActs.attach, erase },
    look: lookAtInquiry,
  },
  'a request about an SMS contact': {
    prepare: async (node) => {
      const body = { action: 'add', name: '钱', mobile: newPhone(), duty: 'handler' }
      const { requestId, contactId } = await post(node, dealer(), 'dealers/D001/sms-contacts', body)
      return { requestId, contactId, subjectId: contactId }
    },
    acts: {
      accept: ({ requestId }) => ({
        who: csr,
        path: `dealers/D001/sms-contacts/requests/${requestId}/accept`,
        body: {},
      }),
      refuse: ({ requestId }) => ({
        who: csr,
        path: `dealers/D001/sms-contacts/requests/${requestId}/refuse`,
        body: { reason: '号码有误' },
      }),
      change: ({ contactId }) => ({
        who: dealer(),
        path: 'dealers/D001/sms-contacts',
        body: { action: 'change', contactId, name: '孙' },
      }),
      erase,
    },
    look: async (node, { contactId }) => {
      const { contacts, requests } = await get(node, 'dealers/D001/sms-contacts', csr)
      const own = ({ contactId: each }: Json): boolean => each === contactId
      return {
        contacts: contacts.filter(own).map(({ name }: Json) => name),
        requests: requests.filter(own).map(({ action, status, name }: Json) => [action, status, name]),
      }
    },
  },
  'an objection': {
    prepare: async (node) => {
      const on = await completed(node)
      const body = { measures: ['close'], reason: '客户要求改期', attachmentIds: [on.attachmentId] }
      const { objectionId } = await post(node, dealer(), `tickets/${on.ticketNo}/objections`, body)
      return { ...on, objectionId }
    },
    acts: {
      uphold: (on) =>
        onTicket(hq, `objections/${on.objectionId}/decide`, { decision: 'upheld', reason: '属实' })(on),
      reject: (on) =>
        onTicket(hq, `objections/${on.objectionId}/decide`, { decision: 'rejected', reason: '不实' })(on),
      withdraw: (on) => onTicket(dealer(), `objections/${on.objectionId}/withdraw`, {})(on),
      rescind,
      erase,
    },
    look: lookAtTicket,
  },
  'an inquiry of a customer whom nothing finds': {
    prepare: nobodyFinds,
    acts: { complaint: inquiryActs.complaint, withdraw: inquiryActs.withdraw, erase },
    look: async (node, { inquiryNo }) => {
      const { state, customer, ticketNo } = await get(node, `inquiries/${inquiryNo}`)
      const ticket = ticketNo === null ? null : await get(node, `tickets/${ticketNo}`)
      return { state, name: customer.name, ticket: ticket && [ticket.state, ticket.customer.name] }
    },
  },
  'a completed ticket of a customer whom nothing finds': {
    prepare: async (node) => ({ ...(await completed(node, false)), phone: newPhone() }),
    acts: {
      correct: (on) => onTicket(csr, 'correct', { customer: { phone: on.phone }, reason: '补充' })(on),
      repeat: onTicket(csr, 'callbacks', { outcome: 'dissatisfied', sameProblem: true, note: '仍未解决' }),
      phones: ({ phone }) => ({
        who: csr,
        path: 'complaints',
        body: {
          ...{ channel: 'phone', category: 'A4d', dealerCode: 'D001', content: '又坏了' },
          customer: { name: '王小明', phone },
        },
      }),
      erase,
    },
    look: async (node, on) => {
      const { items } = await post(node, csr, 'tickets/search', { phone: on.phone })
      const { escalatedTo } = await get(node, `tickets/${on.ticketNo}`)
      const repeat = escalatedTo === null ? null : await get(node, `tickets/${escalatedTo}`)
      return {
        ticket: await lookAtTicket(node, on),
        repeat: repeat && [repeat.state, repeat.customer.name],
        found: items.map(({ state, customer }: Json) => [
          ...[state, customer.name, customer.subjectId === on.subjectId],
        ]),
      }
    },
  },
  'a completed ticket': {
    prepare: (node) => completed(node),
    acts: {
      attach: ({ ticketNo }) => upload(`tickets/${ticketNo}`),
      remove: (on) => onTicket(supervisor, `attachments/${on.attachmentId}/remove`, { reason: '重复' })(on),
      object: (on) =>
        onTicket(dealer(), 'objections', {
          ...{ measures: ['close'], reason: '改期', attachmentIds: [on.attachmentId] },
        })(on),
      letter: onTicket(dealer(), 'letters', {
        ...{ kind: 'customer', addressee: '王先生', subject: '回函', body: '抱歉' },
      }),
      rescind,
      erase,
    },
    look: lookAtTicket,
  },
  'an open ticket': {
    prepare: (node) => opened(node),
    acts: {
      object: onTicket(dealer(), 'objections', { measures: ['response'], reason: '改期' }),
      'object as the next holder': onTicket(dealer('D002'), 'objections', {
        ...{ measures: ['response'], reason: '改期' },
      }),
      reclassify: onTicket(sa, 'reclassify', { category: 'A4c', reason: '改类' }),
      claim: onTicket(dealer(), 'claim', {}),
      'claim by another': onTicket({ ...dealer(), sub: 'another of D001' }, 'claim', {}),
      release: onTicket(dealer(), 'release', {}),
      redispatch: onTicket(csr, 'redispatch', { dealerCode: 'D002', reason: '转派' }),
      rescind,
    },
    look: lookAtTicket,
  },
}
