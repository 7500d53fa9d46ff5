/**
 * The examples that the OpenAPI document has with its bodies, sent as they stand there. Those of operations work on any
 * service (`examples.test.ts`); these work on a subject that is ready for the act.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { formOf, samples } from '../attachments/samples.ts'
import {
  admin,
  at,
  csr,
  dealer,
  one,
  rbo,
  type Scenario,
  sa,
  se,
  seMedia,
  startScenario,
  supervisor,
  system,
} from '../support/scenario.ts'
import type { Json, Who } from '../support/service.ts'

const hq = one('hq_sales')

let s: Scenario
let paths: Json
let schemas: Json
beforeAll(async () => {
  s = await startScenario()
  const { body } = await s.service.call(null, 'GET', '/openapi.json')
  paths = body.paths
  schemas = body.components.schemas
})
afterAll(() => s.service.close())

type Operation = { id: string; method: string; path: string; example: Json }

const resolved = (schema: Json): Json =>
  schema?.$ref === undefined ? schema : schemas[schema.$ref.split('/').at(-1)]

/** The operations that cannot be called without a JSON body. */
const withBody = (): Operation[] =>
  Object.entries<Json>(paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).flatMap(([method, { operationId, requestBody }]) => {
      const content = requestBody?.content?.['application/json']
      const schema = resolved(content?.schema)
      const hasFields = schema?.anyOf?.some((each: Json) => each.type === 'null') !== true
      return content === undefined || !hasFields
        ? []
        : [{ id: operationId, method, path, example: content.example }]
    }),
  )

const tried = new Set<string>()

/** Sends the example of an operation; `changes` are numbers that only this service knows. */
const tries = async (who: Who, id: string, ids: Json = {}, changes: Json = {}): Promise<Json> => {
  tried.add(id)
  const { method, path, example } = withBody().find((each) => each.id === id) as Operation
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => ids[name])
  const body = { ...example, ...changes }
  const answer = await s.service.call(who, method.toUpperCase(), filled, { body })
  expect([id, answer.status < 300, answer.text]).toEqual([id, true, answer.text])
  return answer.body
}

const attach = async (who: Who, path: string): Promise<string> => {
  const { status, text, body } = await s.service.call(
    who,
    'POST',
    `/v1/${path}/attachments`,
    formOf(samples['application/pdf']),
  )
  expect([status, text]).toEqual([201, text])
  return body.attachmentId
}

const closed = async (): Promise<string> => {
  const ticketNo = await s.register()
  await s.respond(ticketNo)
  await s.close(ticketNo)
  return ticketNo
}

it('of acts on tickets work on a ticket that is ready for them', async () => {
  const earlier = await closed()
  s.go('2026-03-02 10:05')
  const later = await s.register()
  await tries(csr, 'linkRepeat', { ticketNo: earlier }, { ticketNo: later })
  await tries(csr, 'unlinkRepeat', { ticketNo: earlier }, { ticketNo: later })

  const duplicate = await s.register()
  await s.does(duplicate, 'duplicate-of', { ticketNo: later, reason: '同一投诉' }, supervisor)
  await tries(sa, 'undoDuplicate', { ticketNo: duplicate })

  const ofMedia = await s.registerB()
  await tries(seMedia, 'nameResponsibleDealer', { ticketNo: ofMedia })

  const attachmentId = await attach(dealer(), `tickets/${duplicate}`)
  await tries(sa, 'removeTicketAttachment', { ticketNo: duplicate, attachmentId })
  await tries(dealer(), 'addTicketLetter', { ticketNo: duplicate })

  for (const [code, id] of [
    ['W3', 'acknowledgeWarning'],
    ['W4', 'resolveWarning'],
  ]) {
    const { warnings } = await s.does(duplicate, 'warnings', { code, reason: '客户情绪激动' }, csr)
    const { warningId } = warnings.find((each: Json) => each.code === code)
    await tries(rbo(), id as string, { ticketNo: duplicate, warningId })
  }

  s.go('2026-03-20 10:00')
  await tries(sa, 'convertToC', { ticketNo: ofMedia })
})

it('of inquiries and SMS contacts work', async () => {
  const inquire = async (): Promise<string> => {
    const customer = { name: '赵女士', phone: '13900005555' }
    const body = { channel: 'phone', topic: 'product', question: '何时上市？', customer }
    return (await s.post(csr, 'inquiries', body)).body.inquiryNo
  }
  const [first, second, third] = [await inquire(), await inquire(), await inquire()]
  const attachmentId = await attach(csr, `inquiries/${first}`)
  await tries(sa, 'removeInquiryAttachment', { inquiryNo: first, attachmentId })
  await tries(csr, 'forwardInquiry', { inquiryNo: first })
  await tries(se, 'answerInquiry', { inquiryNo: first })
  await tries(csr, 'relayInquiry', { inquiryNo: first })
  await tries(csr, 'withdrawInquiry', { inquiryNo: second })
  await tries(csr, 'registerInquiryComplaint', { inquiryNo: third })

  const contact = { action: 'add', name: '钱经理', mobile: '13900001234', duty: 'handler' }
  const { requestId } = (await s.post(dealer(), 'dealers/D001/sms-contacts', contact)).body
  await tries(csr, 'refuseDealerSmsContactRequest', { code: 'D001', requestId })
})

it('of the care desk work', async () => {
  s.go('2026-04-01 12:00')
  /** The task of the first call after a handover. */
  const handedOver = async (vin: string): Promise<string> => {
    const { body } = await s.post(system, 'handovers', {
      dealerCode: 'D001',
      vin,
      handedOverAt: at('2026-04-01 10:00'),
      customer: { name: '李小红', phone: '13611110000' },
    })
    return body.tasks.find(({ kind }: Json) => kind === 'delivery_24h').taskId
  }
  await tries(dealer(), 'addCareTaskAttempt', { taskId: await handedOver('LSVAA4187E2000101') })
  const dissatisfied = { result: 'reached', outcome: 'dissatisfied', service: '等了三个小时' }
  for (const [vin, id] of [
    ['LSVAA4187E2000102', 'registerCareTaskComplaint'],
    ['LSVAA4187E2000103', 'dismissCareTask'],
  ]) {
    const taskId = await handedOver(vin as string)
    const { status, text } = await s.post(dealer(), `care/tasks/${taskId}/attempts`, dissatisfied)
    expect([status, text]).toEqual([200, text])
    await tries(csr, id as string, { taskId })
  }
})

it('of the customer-voice desk work from the item to the ledger', async () => {
  s.go('2026-04-02 09:00')
  const sheet = { id: 'D001.2026-02' }
  await tries(hq, 'enterVoiceItems')
  await tries(hq, 'rewordVoiceItem', { id: 'D001.2026-02.1' })
  await tries(hq, 'enterVoiceItems')
  await tries(hq, 'dropVoiceItem', { id: 'D001.2026-02.2' })
  await tries(hq, 'sendVoiceSheet')
  const attachmentId = await attach(dealer(), 'voice/sheets/D001.2026-02')
  await tries(sa, 'removeVoiceSheetAttachment', { ...sheet, attachmentId })
  s.go('2026-04-03 09:00')
  const meeting = { heldAt: at('2026-04-02 10:00') }
  const [plan] =
    paths['/v1/voice/sheets/{id}/meeting'].post.requestBody.content['application/json'].example.plans
  const plans = [{ ...plan, endsOn: '2026-04-30' }]
  await tries(dealer(), 'recordVoiceSheetMeeting', sheet, { ...meeting, plans })
  await tries(dealer(), 'returnVoiceSheet', sheet)
  await tries(hq, 'auditVoiceSheet', sheet)
  await tries(rbo(), 'addVoiceSheetFollowUp', sheet)
  await tries(
    dealer(),
    'changeVoiceSheetPlan',
    { ...sheet, itemId: 'D001.2026-02.1' },
    { endsOn: '2026-04-20' },
  )
  await tries(dealer(), 'reportVoiceSheet', sheet)
  await tries(hq, 'judgeVoiceSheet', sheet)
  await tries(hq, 'publishVoiceSheet', sheet)
  const [entry] = (await s.get('voice/ledger', hq)).body.items
  await tries(hq, 'reverseVoiceLedger', { entryId: entry.entryId })
})

it('of objections and of a quarter that is settled work', async () => {
  await tries(admin, 'putPolicy')
  const { version: _, effectiveFrom: __, ...policy } = (await s.get('policy', admin)).body
  const body = { ...policy, rewardTop: 1 }
  expect((await s.service.call(admin, 'PUT', '/v1/policy', { body })).status).toBe(200)
  const ticketNo = await closed()
  const { objectionId } = await tries(dealer(), 'addTicketObjection', { ticketNo })
  await tries(hq, 'decideTicketObjection', { ticketNo, objectionId })

  // in the next quarter both dealers do the same, and one is rewarded
  s.go('2026-07-06 10:00')
  await closed()
  const ofSecond = await s.register({ dealerCode: 'D002' })
  await s.respond(ofSecond, dealer('D002'))
  await s.close(ofSecond, dealer('D002'))
  s.go('2026-11-05 10:00')
  const quarter = '2026Q3'
  expect((await s.post(hq, `assessments/${quarter}/freeze`, {})).status).toBe(200)
  await tries(hq, 'reviseQuarter', { quarter })
  await tries(hq, 'decideTie', { quarter })
})

it('of webhooks, and of a customer who is to be erased, work', async () => {
  const { id } = (await s.post(admin, 'webhooks', { url: 'https://sms.example.com/hooks' })).body
  await tries(admin, 'putWebhook', { id })
  await tries(admin, 'replayWebhook', { id })
  const { customer } = await s.ticket(await closed())
  await tries(sa, 'erasePrivacySubject', { subjectId: customer.subjectId })
  await tries(sa, 'runPrivacyRetention')
})

it('are there for every operation that needs a body', () => {
  const missing = withBody().filter(({ example }) => example === undefined)
  expect(missing.map(({ id }) => id)).toEqual([])
})

it('are all tried, here or as requests that work on any service', () => {
  const untried = withBody().filter(({ id, path, method }) => {
    const { parameters = [] } = paths[path][method]
    const needsSubject = parameters.some((each: Json) => each.in === 'path' && each.example === undefined)
    return needsSubject && !tried.has(id)
  })
  expect(untried.map(({ id }) => id)).toEqual([])
})
