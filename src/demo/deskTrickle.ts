/** What goes on at the desks beside complaints while somebody watches. */

import type { InquiryState } from '../../domain/codes.ts'
import { DAY, dayNumber, dayOf, toInstant } from '../../domain/instant.ts'
import type { VoiceSheetStatus } from '../../domain/voice/codes.ts'
import { answerOf, careDesk } from './care.ts'
import { type Client, csr, dealerPeople, type Who } from './client.ts'
import * as words from './data/desks.ts'
import { forwardNotes, relayNotes } from './data/inquiries.ts'
import { hq } from './deskSteps.ts'
import { answerTo, sayOfInquiry, se, someExchange } from './inquiries.ts'
import type { Network } from './network.ts'
import { createBuyer, createPerson } from './people.ts'
import type { Random } from './random.ts'

/** `now`: epoch ms. */
export type DeskScene = { client: Client; network: Network; random: Random; count: number; now: number }

/** Beyond the numbers of everybody else in the demo. */
const firstNumber = 84_000_001

const handOver = async ({ client, network, random, count, now }: DeskScene): Promise<void> => {
  const dealer = network.pickDealer(random)
  const { customer, vehicle } = createBuyer(random, { number: firstNumber + count, at: now, dealer })
  const { vin, plateNo, model, salesConsultant } = vehicle
  const car = { vin, plateNo, model, salesConsultant, dealerCode: dealer.code }
  const handedOverAt = toInstant(now - 60_000)
  await client.call(careDesk(dealer.code), 'POST', '/v1/handovers', { ...car, customer, handedOverAt })
}

type TaskRow = { taskId: string; dealer: string; kind: string; attempts: number }

const listed = async <R>({ client }: DeskScene, who: Who, path: string): Promise<R[]> =>
  (await client.call<{ items: R[] }>(who, 'GET', path)).items

const callCustomer = async (scene: DeskScene): Promise<void> => {
  const { client, random } = scene
  const rows = await listed<TaskRow>(scene, csr, '/v1/care/tasks?status=open,overdue&limit=40')
  const fresh = rows.filter(({ attempts }) => attempts === 0)
  if (fresh.length === 0) return
  const { taskId, dealer, kind } = random.pick(fresh)
  const { body } = answerOf(random, { kind, unhappy: 0.3 })
  const call = random.chance(0.8) ? body : { result: 'unreachable' }
  await client.call(careDesk(dealer), 'POST', `/v1/care/tasks/${taskId}/attempts`, call)
}

const judge = async (scene: DeskScene): Promise<void> => {
  const { client, random } = scene
  const rows = await listed<TaskRow>(scene, csr, '/v1/care/triage?limit=20')
  if (rows.length === 0) return
  const path = `/v1/care/tasks/${random.pick(rows).taskId}`
  if (random.chance(0.4)) {
    const reason = random.pick(words.careDismissals)
    await client.call(csr, 'POST', `${path}/dismiss`, { reason })
    return
  }
  const category = random.pick(Object.keys(words.careGrievances))
  await client.call(csr, 'POST', `${path}/complaint`, { category })
}

type SheetItem = { itemId: string; judgement: unknown }
type Sheet = { sheetId: string; dealer: string; status: VoiceSheetStatus; sentAt: string; items: SheetItem[] }
type Act = { who: Who; name: string; body: object }

/** What is awaited of a sheet; `null`: nothing is. */
const nextAct = ({ dealer, status, sentAt, items }: Sheet, random: Random): Act | null => {
  const people = dealerPeople(dealer)
  const signed = { who: people, name: 'return', body: { signedBy: random.pick(words.voiceGeneralManagers) } }
  const unjudged = items.find(({ judgement }) => judgement === null)
  const acts: Record<VoiceSheetStatus, () => Act | null> = {
    sent: () => ({
      who: people,
      name: 'meeting',
      body: {
        heldAt: sentAt,
        attendees: words.voiceAttendees.slice(0, 4),
        plans: items.map(({ itemId }) => ({
          itemId,
          measure: random.pick(words.voiceMeasures),
          person: random.pick(words.voicePeople),
          endsOn: dayOf(dayNumber(Date.parse(sentAt) + random.int(7, 20) * DAY)),
        })),
      },
    }),
    met: () => signed,
    sent_back: () => signed,
    returned: () => ({ who: hq, name: 'audit', body: { decision: 'accepted' } }),
    running: () => ({ who: people, name: 'report', body: { results: random.pick(words.voiceResults) } }),
    reported: () => {
      if (unjudged === undefined) return null
      const { itemId } = unjudged
      const body = { itemId, effective: true, note: random.pick(words.voiceJudgements.true) }
      return { who: hq, name: 'judge', body }
    },
    closed: () => null,
  }
  return acts[status]()
}

const improve = async (scene: DeskScene): Promise<void> => {
  const { client, random } = scene
  const status = 'sent,met,returned,sent_back,running,reported'
  const rows = await listed<{ sheetId: string }>(scene, hq, `/v1/voice/sheets?status=${status}&limit=40`)
  if (rows.length === 0) return
  const sheet = await client.call<Sheet>(hq, 'GET', `/v1/voice/sheets/${random.pick(rows).sheetId}`)
  const act = nextAct(sheet, random)
  if (act === null) return
  await client.call(act.who, 'POST', `/v1/voice/sheets/${sheet.sheetId}/${act.name}`, act.body)
}

/** Takes in a question. */
const ask = async ({ client, network, random, count, now }: DeskScene): Promise<void> => {
  const dealer = network.pickDealer(random)
  const { customer, vehicle, model } = createPerson(random, { number: firstNumber + count, at: now, dealer })
  const { topic, question } = someExchange(random)
  const asked = { channel: 'phone', topic, question: sayOfInquiry(random, question, model) }
  await client.call(csr, 'POST', '/v1/inquiries', { ...asked, customer, vehicle, dealerCode: dealer.code })
}

type InquiryRow = { inquiryNo: string; state: InquiryState; topic: string }
type AskedInquiry = { question: string | null; vehicle: { model: string | null } }

/** Does what is awaited of one of the newest inquiries. */
const goOnWithInquiry = async (scene: DeskScene): Promise<void> => {
  const { client, random } = scene
  const rows = await listed<InquiryRow>(scene, csr, '/v1/inquiries?state=open,forwarded,answered&limit=8')
  if (rows.length === 0) return
  const { inquiryNo, state, topic } = random.pick(rows)
  const path = `/v1/inquiries/${inquiryNo}`
  const does = (who: Who, name: string, body: object) => client.call(who, 'POST', `${path}/${name}`, body)
  if (state === 'open') await does(csr, 'forward', { note: random.pick(forwardNotes) })
  else if (state === 'forwarded') {
    const { question, vehicle } = await client.call<AskedInquiry>(se, 'GET', path)
    const answer = answerTo({ topic, question: question ?? '' })
    await does(se, 'answer', { answer: sayOfInquiry(random, answer, vehicle.model ?? '') })
  } else await does(csr, 'relay', { method: 'phone', reached: true, note: random.pick(relayNotes) })
}

export const deskActs = { ask, goOnWithInquiry, handOver, callCustomer, judge, improve }
