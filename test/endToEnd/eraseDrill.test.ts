/**
 * Half of the customers are erased: of those nothing is left anywhere, of the others everything, and no figure has
 * moved (rulebook §17). `ERASE_DRILL` is the number of customers.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import { type Role, roles } from '../../domain/authority.ts'
import { collectLines } from '../support/logLines.ts'
import { csr, dealer, one, rbo, type Scenario, sa, scenarioOf, startScenario } from '../support/scenario.ts'
import { type Json, startTestService, type Who } from '../support/service.ts'
import { runToEnd } from './serviceProcess.ts'

const count = Number(process.env.ERASE_DRILL ?? 40)
const erasedOf = (index: number): boolean => index % 2 === 0

/** What stands in a field of a customer: found by nothing else. */
const mark = (index: number, field: string): string => `标记${index}号${field}字`
const markOf = (index: number): string => `标记${index}号`
const phoneOf = (index: number): string => `1370000${String(index).padStart(4, '0')}`
const vinOf = (index: number): string => `LDRYLL${String(index).padStart(11, '0')}`
const marksOf = (index: number): string[] => [markOf(index), phoneOf(index), vinOf(index)]

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

/** A complaint with text in every field of every act; every third customer complains again. */
const liveThrough = async (s: Scenario, index: number): Promise<void> => {
  const say = (field: string) => mark(index, field)
  const ticketNo = await s.register({
    ...personOf(index),
    content: say('content'),
    initialCause: say('cause'),
  })
  await s.does(ticketNo, 'contacts', { channel: 'phone', content: say('contact') }, csr)
  await s.does(ticketNo, 'reclassify', { category: 'A4d', reason: say('reclassify') }, sa)
  await s.does(ticketNo, 'recalculate', { reason: say('recalculate') }, sa)
  await s.does(ticketNo, 'redispatch', { dealerCode: 'D002', reason: say('redispatch') }, csr)
  const warned = await s.does(ticketNo, 'warnings', { code: 'W3', reason: say('warning') }, csr)
  const [warning] = warned.warnings.filter((each: Json) => each.code === 'W3')
  await s.does(ticketNo, `warnings/${warning.warningId}/acknowledge`, { note: say('note') }, sa)
  await s.does(ticketNo, `warnings/${warning.warningId}/resolve`, { result: say('resolved') }, sa)
  await s.does(
    ticketNo,
    'responses',
    { method: 'phone', reached: true, note: say('response') },
    dealer('D002'),
  )
  await s.does(ticketNo, 'records', { kind: 'consumer_informed', note: say('record') }, dealer('D002'))
  const closing = [
    'result',
    'measures',
    'rootCause',
    'customerFeedback',
    'improvement',
    'improvementDepartment',
  ]
  await s.does(
    ticketNo,
    'close',
    Object.fromEntries(closing.map((field) => [field, say(field)])),
    dealer('D002'),
  )
  await s.does(ticketNo, 'callbacks', { outcome: 'satisfied', note: say('callback') }, csr)
  await s.does(ticketNo, 'correct', { customer: { address: say('corrected') }, reason: say('why') }, csr)
  await askAndAnswer(s, index)
}

/** An inquiry with text in every act; its customer is that of the complaint. */
const askAndAnswer = async (s: Scenario, index: number): Promise<void> => {
  const say = (field: string) => mark(index, field)
  const asked = { channel: 'phone', topic: 'price', question: say('question'), ...personOf(index) }
  const { status, body } = await s.post(csr, 'inquiries', asked)
  expect(status).toBe(201)
  const path = `inquiries/${body.inquiryNo}`
  const acts: [Who, string, Json][] = [
    [csr, 'forward', { note: say('forward') }],
    [one('se'), 'answer', { answer: say('answer') }],
    [csr, 'relay', { method: 'phone', reached: true, note: say('relay') }],
  ]
  for (const [who, act, more] of acts) expect((await s.post(who, `${path}/${act}`, more)).status).toBe(200)
}

const complainAgain = async (s: Scenario, index: number): Promise<void> => {
  const repeat = await s.take({ ...personOf(index), category: 'A4d', content: mark(index, 'again') })
  expect(repeat.outcome).toBe('escalated')
  const { tier, unit } = repeat.holder
  const holder = one(tier, { dealer: unit, rbo: unit })
  await s.does(
    repeat.ticketNo,
    'responses',
    { method: 'phone', reached: true, note: mark(index, 'r') },
    holder,
  )
  await s.does(repeat.ticketNo, 'close', { result: mark(index, 'x'), measures: mark(index, 'y') }, holder)
}

const whoOf = (role: Role): Who =>
  role === 'dealer' ? dealer('D002') : role === 'rbo' ? rbo('EAST') : one(role)

const lists = [
  'tickets?limit=200',
  'escalations?limit=200',
  'callbacks?limit=200',
  'consumer-notices?limit=200',
  'inquiries?limit=200',
]
const figures = [
  'reports/kpi?quarter=2026Q1',
  'reports/kpi/units?quarter=2026Q1&key=D002',
  'reports/statistics?from=2026-03-01&to=2026-04-01&groupBy=category',
  'reports/monthly?month=2026-03',
  'assessments/2026Q1',
]

const every = async (s: Scenario, path: string, who: Who): Promise<string> => {
  let text = ''
  for (let next = path; next !== ''; ) {
    const { text: page, body } = await s.get(next, who)
    text += page
    next = typeof body?.nextCursor === 'string' ? `${path}&cursor=${body.nextCursor}` : ''
  }
  return text
}

const withoutInstant = async (answer: ReturnType<Scenario['get']>): Promise<string> =>
  (await answer).text.replace(/"requestId":"[^"]*"/g, '').replace(/"instance":"[^"]*"/g, '')

/** All that the service tells anybody. */
const allAnswers = async (s: Scenario, who: Who): Promise<string> => {
  const texts: string[] = []
  for (const list of [...lists, 'warnings?limit=200&status=open,acknowledged,resolved'])
    texts.push(await every(s, list, who))
  for (const path of ['tickets', 'warnings?status=open,acknowledged,resolved', 'escalations'])
    texts.push((await s.get(path, who, { accept: 'text/csv' })).text)
  const numbers = new Set(texts.join('').match(/T\d{6}-\w+/g) ?? [])
  for (const ticketNo of numbers)
    for (const path of ['', '/timeline', '/sla', '/forms/handling'])
      texts.push((await s.get(`tickets/${ticketNo}${path}`, who)).text)
  const asked = new Set(texts.join('').match(/Q\d{6}-\w+/g) ?? [])
  for (const inquiryNo of asked)
    for (const path of ['', '/timeline']) texts.push((await s.get(`inquiries/${inquiryNo}${path}`, who)).text)
  const subjectIds = new Set(
    [...texts.join('').matchAll(/"subjectId":"([\da-f-]{36})"/g)].flatMap(([, id]) => id ?? []),
  )
  for (const subjectId of subjectIds)
    texts.push(await withoutInstant(s.get(`privacy/subjects/${subjectId}/export`, who)))
  for (let index = 0; index < count; index++) {
    const keys = { phone: phoneOf(index), vin: vinOf(index), customerId: mark(index, 'customerId') }
    for (const key of ['phone', 'vin', 'customerId'] as const) {
      const asked = { [key]: keys[key] }
      for (const path of ['tickets/search', 'complaints/candidates', 'privacy/subjects/search'])
        texts.push((await s.post(who, path, asked)).text)
    }
  }
  return texts.join('\n')
}

const figuresOf = async (s: Scenario): Promise<string[]> => {
  const texts: string[] = []
  for (const path of figures) {
    const { status, text } = await s.get(path)
    expect([path, status]).toEqual([path, 200])
    texts.push(text)
  }
  return texts
}

const holds = (text: string, index: number): boolean => marksOf(index).some((each) => text.includes(each))
const indexes = Array.from({ length: count }, (_, index) => index)
const found = (text: string): number[] => indexes.filter((index) => holds(text, index))
const others = indexes.filter((index) => !erasedOf(index))

describe(`${count} customers, half of them erased`, () => {
  let folder: string
  let s: Scenario
  const lines = collectLines()
  let figuresBefore: string[]

  beforeAll(
    async () => {
      folder = mkdtempSync(join(tmpdir(), 'erase-drill-'))
      s = await startScenario({ dataDir: folder, log: lines.log })
      for (const index of indexes) await liveThrough(s, index)
      s.go('2026-03-04 10:00')
      for (const index of indexes.filter((each) => each % 3 === 0)) await complainAgain(s, index)
      // of a later day, so that nothing is under way any more
      s.go('2026-05-04 10:00')
      figuresBefore = await figuresOf(s)
      expect(found(await allAnswers(s, sa))).toEqual(indexes)
      for (const index of indexes.filter(erasedOf)) {
        const { body } = await s.post(sa, 'privacy/subjects/search', { phone: phoneOf(index) })
        for (const { subjectId } of body.items) {
          const erased = await s.post(sa, `privacy/subjects/${subjectId}/erase`, { reason: '客户要求' })
          expect(erased.status).toBe(200)
        }
      }
    },
    20_000 + count * 3_000,
  )
  afterAll(async () => {
    await s.service.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test(
    'no answer to any role holds anything of the erased, and those of who may see hold all of the others',
    async () => {
      for (const role of Object.keys(roles) as Role[]) {
        const text = await allAnswers(s, whoOf(role))
        expect([role, found(text).filter(erasedOf)]).toEqual([role, []])
        if (role === 'sa' || role === 'csr') expect([role, found(text)]).toEqual([role, others])
      }
    },
    20_000 + count * 4_000,
  )

  test('rates, statistics, the month and the assessment are to the digit as before', async () => {
    expect(await figuresOf(s)).toEqual(figuresBefore)
  })

  test(
    'the logs and the data folder hold nothing of anybody, and a rebuild agrees',
    async () => {
      const answersBefore = await allAnswers(s, sa)
      await s.service.close()
      expect(found(lines.text())).toEqual([])
      for (const name of readdirSync(folder).filter((each) => each.endsWith('.db'))) {
        const db = new Database(join(folder, name))
        db.pragma('wal_checkpoint(TRUNCATE)')
        db.close()
      }
      const names = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      for (const name of names) {
        const bytes = readFileSync(join(folder, name)).toString('latin1')
        const holding = indexes.filter((index) =>
          marksOf(index).some((each) => bytes.includes(Buffer.from(each).toString('latin1'))),
        )
        expect([name, holding]).toEqual([name, []])
      }
      const verified = await runToEnd('src/cli/verify.ts', { DATA_DIR: folder })
      expect([verified.code, verified.output]).toEqual([0, expect.stringContaining('all is well')])
      const rebuilt = await runToEnd('src/cli/rebuild.ts', { DATA_DIR: folder })
      expect(rebuilt.code).toBe(0)
      s = scenarioOf(
        await startTestService({ dataDir: folder, now: '2026-05-04T02:00:00.000Z', log: lines.log }),
      )
      expect(await figuresOf(s)).toEqual(figuresBefore)
      expect(await allAnswers(s, sa)).toBe(answersBefore)
    },
    60_000 + count * 1_000,
  )
})
