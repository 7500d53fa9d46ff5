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
import { routesOf } from '../api/routeTable.ts'
import { collectLines } from '../support/logLines.ts'
import { dealer, one, rbo, type Scenario, sa, scenarioOf, startScenario } from '../support/scenario.ts'
import { startTestService, type Who } from '../support/service.ts'
import {
  complainAgain,
  customersIn,
  customersInBytes,
  type KeptCustomer,
  liveThrough,
  mark,
  markForm,
  phoneOf,
  vinOf,
  written,
} from './markedCustomers.ts'
import { runToEnd } from './serviceProcess.ts'

const count = Number(process.env.ERASE_DRILL ?? 40)
const isErased = ({ index }: Pick<KeptCustomer, 'index'>): boolean => index % 2 === 0
/** Customers that live at the same time, so that their events share flushes. */
const atOnce = 10
/** Of so many customers one is looked at by a role that is not asked for all. */
const every = 20

const whoOf = (role: Role): Who =>
  role === 'dealer' ? dealer('D002') : role === 'rbo' ? rbo('EAST') : one(role)

const queries: Record<string, string> = {
  '/v1/reports/kpi': 'quarter=2026Q1&by=dealer',
  '/v1/reports/kpi/units': 'quarter=2026Q1&key=D002&limit=200',
  '/v1/reports/statistics': 'from=2026-03-01&to=2026-04-01&groupBy=category,dealer',
  '/v1/reports/monthly': 'month=2026-03',
  '/v1/reports/care': 'quarter=2026Q1&by=dealer',
  '/v1/tickets': 'include=texts&limit=200',
  '/v1/warnings': 'status=open,acknowledged,resolved&limit=200',
  '/v1/callbacks': 'status=done&limit=200',
  '/v1/feed': 'topics=tickets,warnings,desk&limit=200',
}
// not the care report: erasing ends a plan, so its open tasks are not needed any more
const figures = [
  ...['/v1/reports/kpi', '/v1/reports/kpi/units', '/v1/reports/statistics', '/v1/reports/monthly'],
  ...['/v1/assessments/2026Q1', '/v1/assessments/2026Q1/dealers/D002', '/v1/reports/now'],
]
/** Lists have a `limit`; a route without its own query takes none. */
const paged = /^\/v1\/(escalations|consumer-notices|inquiries|objections|sms-contact-requests|dealers|rbos)$/

/** GET routes that are about one record, and those that are not; both as the service registers them. */
type Paths = { ofRecord: string[]; others: string[] }
const pathsOf = async (s: Scenario): Promise<Paths> => {
  const urls = (await routesOf(s.service.deps))
    .filter(({ method, url }) => method === 'GET' && url.startsWith('/v1/') && url !== '/v1/stream')
    .map(({ url }) => url)
  const isOfRecord = (url: string): boolean => /:(ticketNo|inquiryNo|subjectId|handoverId)/.test(url)
  return { ofRecord: urls.filter(isOfRecord), others: urls.filter((url) => !isOfRecord(url)) }
}

const withQuery = (url: string): string => {
  const path = url
    .replace(':quarter', '2026Q1')
    .replace(':code', url.includes('rbos') ? 'EAST' : 'D002')
    .replace(':id', 'CN')
    .replace(':year', '2026')
  const query = queries[url] ?? (paged.test(url) ? 'limit=200' : '')
  return query === '' ? path : `${path}?${query}`
}

/** The paths of a route about one customer's records. */
const pathsFor = (url: string, kept: KeptCustomer): string[] => {
  const fill = (ticketNo: string): string =>
    url
      .replace(':ticketNo', ticketNo)
      .replace(':inquiryNo', kept.inquiryNo)
      .replace(':handoverId', kept.handoverId)
      .replace(':warningId', kept.warningId)
      .replace(':number', '1')
      .replace(':attachmentId', url.includes('inquiries') ? kept.inquiryAttachmentId : kept.attachmentId)
  if (url.includes(':subjectId'))
    return [kept.subjectId, kept.contactId].map((id) => url.replace(':subjectId', id))
  const isOfTicket = url.includes(':ticketNo')
  return isOfTicket && kept.repeatNo !== null
    ? [fill(kept.ticketNo), fill(kept.repeatNo)]
    : [fill(kept.ticketNo)]
}

/** Every page of a list or feed; what is no list is one page. */
const pages = async (s: Scenario, path: string, who: Who): Promise<string> => {
  let text = ''
  for (let next = path; next !== ''; ) {
    const { text: page, body } = await s.service.call(who, 'GET', next)
    text += page
    const [key, end] =
      body?.nextAfter === undefined
        ? ['cursor', body?.nextCursor]
        : ['after', body.atEnd ? null : body.nextAfter]
    const join = path.includes('?') ? '&' : '?'
    next = typeof end === 'string' ? `${path}${join}${key}=${encodeURIComponent(end)}` : ''
  }
  return text
}

/** All that lists, reports and files tell somebody, of whomever. */
const commonAnswers = async (s: Scenario, { others }: Paths, who: Who): Promise<string[]> => {
  const texts: string[] = []
  for (const url of others) {
    texts.push(await pages(s, withQuery(url), who))
    const file = await s.service.call(
      who,
      'GET',
      withQuery(url).replace(/[?&]limit=\d+/, (cut) => (cut[0] === '?' ? '?' : '')),
      {
        headers: { accept: 'text/csv' },
      },
    )
    if (String(file.headers['content-type']).includes('csv')) texts.push(file.text)
  }
  for (let index = 1; index <= 4; index++) {
    const { text } = await s.service.call(who, 'GET', `/v1/dealers/D00${index}/sms-contacts`)
    texts.push(text)
  }
  return texts
}

const withoutInstants = (text: string): string =>
  text.replace(/"(requestId|instance|exportedAt)":"[^"]*"/g, '')

/** All that the service tells somebody of these customers, asked for one by one. */
const answersAbout = async (
  s: Scenario,
  { ofRecord }: Paths,
  customers: readonly KeptCustomer[],
  who: Who,
): Promise<string[]> => {
  const texts: string[] = []
  for (const kept of customers) {
    for (const url of ofRecord)
      for (const path of pathsFor(url, kept)) {
        const { text, headers } = await s.service.call(who, 'GET', path)
        texts.push(withoutInstants(text), decodeURIComponent(String(headers['content-disposition'] ?? '')))
      }
    const { index } = kept
    const keys = { phone: phoneOf(index), vin: vinOf(index), customerId: mark(index, 'customerId') }
    for (const [key, value] of Object.entries(keys))
      for (const path of [
        'tickets/search',
        'complaints/candidates',
        'privacy/subjects/search',
        'vehicles/search',
      ])
        texts.push(withoutInstants((await s.post(who, path, { [key]: value })).text))
    texts.push((await s.post(who, 'tickets/search', { customerName: mark(index, 'name') })).text)
  }
  return texts
}

const figuresOf = async (s: Scenario): Promise<string[]> => {
  const texts: string[] = []
  for (const path of figures) {
    const { status, text } = await s.service.call(sa, 'GET', withQuery(path))
    expect([path, status]).toEqual([path, 200])
    texts.push(text)
  }
  return texts
}

const indexes = Array.from({ length: count }, (_, index) => index)
/** All marks of the customers that were not erased. */
const others = (): string[] =>
  [...written].flatMap(([index, marks]) => (isErased({ index }) ? [] : [...marks])).toSorted()

describe(`${count} customers, half of them erased`, () => {
  let folder: string
  let s: Scenario
  let paths: Paths
  const lines = collectLines()
  const customers: KeptCustomer[] = []
  let figuresBefore: string[]

  beforeAll(
    async () => {
      folder = mkdtempSync(join(tmpdir(), 'erase-drill-'))
      s = await startScenario({ dataDir: folder, log: lines.log })
      paths = await pathsOf(s)
      for (let from = 0; from < count; from += atOnce)
        customers.push(
          ...(await Promise.all(indexes.slice(from, from + atOnce).map((index) => liveThrough(s, index)))),
        )
      s.go('2026-03-04 10:00')
      for (const kept of customers.filter(({ index }) => index % 3 === 0))
        kept.repeatNo = await complainAgain(s, kept.index)
      // of a later day, so that nothing is in flight any more
      s.go('2026-05-04 10:00')
      figuresBefore = await figuresOf(s)
      for (const { subjectId, contactId } of customers.filter(isErased))
        for (const id of [subjectId, contactId]) {
          const erased = await s.post(sa, `privacy/subjects/${id}/erase`, { reason: '客户要求' })
          expect([erased.status, erased.text]).toEqual([200, erased.text])
        }
    },
    120_000 + count * 1_000,
  )
  afterAll(async () => {
    await s.service.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test(
    'the SA finds every mark of the others, and none of the erased',
    async () => {
      const about = await answersAbout(s, paths, customers, sa)
      const text = [...about, ...(await commonAnswers(s, paths, sa))].join('\n')
      expect(customersIn(text).filter((index) => isErased({ index }))).toEqual([])
      expect([...new Set(text.match(markForm))].toSorted()).toEqual(others())
    },
    120_000 + count * 1_000,
  )

  test.each(Object.keys(roles) as Role[])(
    'no route tells %s anything of the erased',
    async (role) => {
      const who = whoOf(role)
      const some = customers.filter(({ index }) => Math.floor(index / 2) % (every / 2) === 0)
      expect(some.filter(isErased).length).toBeGreaterThan(0)
      const texts = [...(await commonAnswers(s, paths, who)), ...(await answersAbout(s, paths, some, who))]
      const seen = customersIn(texts.join('\n'))
      expect(seen.filter((index) => isErased({ index }))).toEqual([])
      if (role === 'csr') expect(seen).toEqual(indexes.filter((index) => !isErased({ index })))
    },
    60_000 + count * 500,
  )

  test('rates, statistics, the month and the assessment are to the digit as before', async () => {
    expect(await figuresOf(s)).toEqual(figuresBefore)
  })

  test('the attachments of the erased are gone, those of the others are there', () => {
    const dir = join(folder, 'attachments')
    const of = (wanted: boolean) => customers.filter((kept) => isErased(kept) === wanted)
    const kept = readdirSync(dir, { recursive: true }).map(String)
    for (const { attachmentId, inquiryAttachmentId } of of(true))
      for (const id of [attachmentId, inquiryAttachmentId])
        expect(kept.filter((name) => name.includes(id))).toEqual([])
    for (const { attachmentId, inquiryAttachmentId } of of(false))
      for (const id of [attachmentId, inquiryAttachmentId])
        expect(kept.filter((name) => name.endsWith(id))).toHaveLength(1)
  })

  test(
    'the logs and the data folder hold nothing of anybody, and a rebuild agrees',
    async () => {
      const some = customers.slice(0, every)
      const answers = async (): Promise<string[]> => [
        ...(await answersAbout(s, paths, some, sa)),
        ...(await commonAnswers(
          s,
          { ...paths, others: paths.others.filter((url) => !/access-log|log\/digest/.test(url)) },
          sa,
        )),
      ]
      const answersBefore = await answers()
      await s.service.close()
      expect(customersIn(lines.text())).toEqual([])
      for (const name of readdirSync(folder).filter((each) => each.endsWith('.db'))) {
        const db = new Database(join(folder, name))
        db.pragma('wal_checkpoint(TRUNCATE)')
        db.close()
      }
      const names = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      for (const name of names)
        expect([name, customersInBytes(readFileSync(join(folder, name)))]).toEqual([name, []])
      const verified = await runToEnd('src/cli/verify.ts', { DATA_DIR: folder })
      expect([verified.code, verified.output]).toEqual([0, expect.stringContaining('all is well')])
      const rebuilt = await runToEnd('src/cli/rebuild.ts', { DATA_DIR: folder })
      expect(rebuilt.code).toBe(0)
      s = scenarioOf(
        await startTestService({ dataDir: folder, now: '2026-05-04T02:00:00.000Z', log: lines.log }),
      )
      expect(await figuresOf(s)).toEqual(figuresBefore)
      expect(await answers()).toEqual(answersBefore)
    },
    120_000 + count * 1_000,
  )
})
