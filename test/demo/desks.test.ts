import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { pino } from 'pino'
import { attemptBody } from '../../api/commands/care/bodies.ts'
import { importLine } from '../../api/commands/imports/lines.ts'
import { attemptResults, careOutcomes, visitKinds } from '../../domain/care/codes.ts'
import { careKinds } from '../../domain/care/policy.ts'
import { inquiryStates, objectionStatuses, smsActions, smsRequestStatuses } from '../../domain/codes.ts'
import { DAY, dayNumber, dayStart, toInstant } from '../../domain/instant.ts'
import { defaultPolicy } from '../../domain/policy.ts'
import { voiceLedgerKinds, voiceSheetStatuses } from '../../domain/voice/codes.ts'
import { readConfig } from '../../src/config.ts'
import { admin, type Client, createClient, csr, sa } from '../../src/demo/client.ts'
import { createDemoClock } from '../../src/demo/clock.ts'
import { hq } from '../../src/demo/deskSteps.ts'
import { deskSentences, deskSteps, takeSteps } from '../../src/demo/desks.ts'
import { deskActs } from '../../src/demo/deskTrickle.ts'
import { asNdjson } from '../../src/demo/history.ts'
import { createNetwork } from '../../src/demo/network.ts'
import { presentHistory, presentSpan } from '../../src/demo/present.ts'
import { enterNetwork } from '../../src/demo/replay.ts'
import { actOnce } from '../../src/demo/trickle.ts'
import { loadDevelopmentKey } from '../../src/devKey.ts'
import { type Service, startService } from '../../src/service.ts'

/** By a fixed clock, for the working days of later years are not known. */
const now = Date.parse('2026-11-18T02:00:00.000Z')
const network = createNetwork('2026Q1')
const lines = presentHistory(now, 600)
const span = presentSpan(now)
const stepsOf = (count: number) => deskSteps({ network, seed: 'desks', span, lines, count })
const steps = stepsOf(100)

describe('the steps of these desks', () => {
  test('are the same every time, in order of time, and end before the present', () => {
    expect(stepsOf(100)).toEqual(steps)
    const times = steps.map(({ at }) => at)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times.at(-1)).toBeLessThan(now)
  })

  test('are bodies that the API reads, with every result of a call and both visits that plans know', () => {
    const seen = new Set<unknown>()
    for (const step of steps) {
      if ('line' in step) {
        const { data } = importLine.parse(step.line)
        if ('kind' in data) seen.add(data.kind)
      } else if (step.path.endsWith('/attempts')) {
        const { result, outcome, calledAt } = attemptBody.parse(step.body)
        seen.add(result).add(outcome)
        expect(calledAt).toBe(toInstant(step.at))
      }
    }
    const { service: _, other: __, ...visits } = visitKinds
    for (const code of Object.keys({ ...attemptResults, ...careOutcomes, ...visits }))
      expect(seen).toContain(code)
  })

  test('name calls of every kind', () => {
    const paths = steps.map((step) => ('path' in step ? step.path : ''))
    for (const kind of Object.keys(careKinds))
      expect([kind, paths.some((path) => path.includes(`.${kind}`))]).toEqual([kind, true])
  })

  test('know whom the complaints of the quarter are by', () => {
    const vins = new Set(
      lines.flatMap((line) => (line.command === 'register' ? (line.data.vehicle?.vin ?? []) : [])),
    )
    const handed = steps.flatMap((step) =>
      'line' in step && step.line.command === 'handover' ? (step.line.data.vin ?? []) : [],
    )
    expect(handed.filter((vin) => vins.has(vin)).length).toBeGreaterThan(10)
    expect(new Set(handed).size).toBe(handed.length)
  })
})

describe('a service that lived through them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-'))
  let present = now
  const clock = createDemoClock(span.from, () => present++)
  let service: Service
  let client: Client

  beforeAll(async () => {
    const config = readConfig({ DATA_DIR: folder, PORT: '0', METRICS_PORT: '0', RATE_LIMIT_PER_MINUTE: '0' })
    const { now, monotonic } = clock
    service = await startService(config, {
      log: pino({ level: 'silent' }),
      now,
      monotonic,
      checkAnswers: true,
    })
    await service.ready
    client = createClient(service.url, loadDevelopmentKey(folder))
    await enterNetwork(client, network, [])
  })
  afterAll(async () => {
    await service.close()
    rmSync(folder, { recursive: true })
  })

  type Page = { items: Record<string, unknown>[] }
  const page = async (path: string): Promise<Page['items']> =>
    (await client.call<Page>(/^\/v1\/(care|inquiries|sms)/.test(path) ? csr : sa, 'GET', path)).items

  test('has not one step refused', async () => {
    const seen: number[] = []
    await takeSteps(client, clock, steps, (done) => seen.push(done))
    expect(seen.at(-1)).toBe(steps.length)
    clock.goToPresent()
  })

  test('has calls due today and overdue, and customers to judge', async () => {
    const midnight = toInstant(dayStart(dayNumber(now)) + DAY)
    const due = `from=${encodeURIComponent(toInstant(now))}&to=${encodeURIComponent(midnight)}`
    expect((await page(`/v1/care/tasks?status=open&${due}`)).length).toBeGreaterThan(0)
    expect((await page('/v1/care/tasks?status=overdue')).length).toBeGreaterThan(3)
    for (const status of ['done', 'late', 'failed', 'not_needed'])
      expect([status, (await page(`/v1/care/tasks?status=${status}&limit=1`)).length]).toEqual([status, 1])
    expect((await page('/v1/care/triage')).length).toBeGreaterThan(0)
    expect((await page('/v1/care/triage?status=dismissed')).length).toBeGreaterThan(0)
  })

  test('has complaints that came from calls: task and ticket name each other', async () => {
    const registered = await page('/v1/care/triage?status=registered')
    expect(registered.length).toBeGreaterThan(2)
    for (const { taskId, ticketNo } of registered) {
      const ticket = await client.call<object>(csr, 'GET', `/v1/tickets/${ticketNo}`)
      expect(JSON.stringify(ticket)).toContain(String(taskId))
    }
  })

  test('has sheets in every state, and every kind of entry', async () => {
    for (const status of Object.keys(voiceSheetStatuses))
      expect([status, (await page(`/v1/voice/sheets?status=${status}&limit=1`)).length]).toEqual([status, 1])
    const kinds = new Set((await page('/v1/voice/ledger?limit=200')).map(({ kind }) => kind))
    expect(kinds).toEqual(new Set(Object.keys(voiceLedgerKinds)))
  })

  test('has items that wait to be sent', async () => {
    const open = await client.call<Page>(hq, 'GET', '/v1/voice/items?status=open&limit=200')
    expect(new Set(open.items.map(({ dealer }) => dealer)).size).toBe(3)
  })

  test('says what there is to do', async () => {
    const [care, voice, others] = await deskSentences(client, now)
    expect(care).toMatch(
      /^Care calls: \d+ due today, \d+\+? overdue; \d+ customers .* \d+ became complaints\.$/,
    )
    expect(voice).toMatch(/^Customer voice: [1-9]\d* sheets wait .* [1-9]\d* entries in the ledger\.$/)
    expect(others).toMatch(
      /^Inquiries: [1-9]\d* are open, .* [1-9]\d* are overdue\. Objections: [1-9]\d* wait .* SMS contacts: [1-9]\d* requests wait .*\.$/,
    )
  })

  test('has inquiries in every state, of every topic, late ones, and some that became complaints', async () => {
    for (const state of Object.keys(inquiryStates))
      expect([state, (await page(`/v1/inquiries?state=${state}&limit=1`)).length]).toEqual([state, 1])
    for (const late of ['answer', 'relay'])
      expect([late, (await page(`/v1/inquiries?overdue=${late}&limit=1`)).length]).toEqual([late, 1])
    const all = await page('/v1/inquiries?limit=200')
    expect(new Set(all.map(({ topic }) => topic))).toEqual(
      new Set(defaultPolicy.inquiry.topics.map(({ code }) => code)),
    )
    const complaints = all.filter(({ ticketNo }) => ticketNo !== null)
    expect(complaints.length).toBeGreaterThan(2)
    for (const { inquiryNo, ticketNo } of complaints) {
      const { question } = await client.call<{ question: string }>(csr, 'GET', `/v1/inquiries/${inquiryNo}`)
      const ticket = await client.call<object>(csr, 'GET', `/v1/tickets/${ticketNo}`)
      expect(ticket).toMatchObject({ ticketNo, content: question })
    }
  })

  test('has SMS contacts, and requests of every kind that wait', async () => {
    const requests = await page('/v1/sms-contact-requests?limit=200')
    expect(new Set(requests.map(({ status }) => status))).toEqual(new Set(Object.keys(smsRequestStatuses)))
    const open = requests.filter(({ status }) => status === 'open')
    expect(new Set(open.map(({ action }) => action))).toEqual(new Set(Object.keys(smsActions)))
    const ofDealer = await client.call<{ contacts: object[] }>(csr, 'GET', '/v1/dealers/D001/sms-contacts')
    expect(ofDealer.contacts.length).toBe(2)
  })

  test('has objections in every state, whose tickets the import finds done', async () => {
    const objections = await page('/v1/objections?limit=200')
    expect(new Set(objections.map(({ status }) => status))).toEqual(new Set(Object.keys(objectionStatuses)))
    const done = steps.flatMap((step) => ('line' in step && !('vin' in step.line.data) ? [step.line] : []))
    const again = await client.call<object>(admin, 'POST', '/v1/imports', [...asNdjson(done)].join(''))
    expect(again).toMatchObject({ applied: 0, unchanged: done.length, rejectedCount: 0 })
  })

  test('goes on with acts of these desks that are all done', async () => {
    for (let count = 0; count < 6; count++)
      for (const act of Object.keys(deskActs) as (keyof typeof deskActs)[])
        await actOnce(client, network, { count, act, now })
  })
})
