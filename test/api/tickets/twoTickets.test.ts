import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { newCommandId } from '../../../api/commands/commandId.ts'
import { eventId } from '../../../domain/eventStore.ts'
import { ticketStream } from '../../../domain/ticket/events.ts'
import { openLog } from '../../../src/store/sqliteLog.ts'
import { checkLinks } from '../../../src/verify/checkLinks.ts'
import {
  csr,
  dealer,
  problemOf,
  refused,
  type Scenario,
  sa,
  scenarioOf,
  startScenario,
  supervisor,
} from '../../support/scenario.ts'
import { type Json, startTestService } from '../../support/service.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'complaints-'))
let s: Scenario
beforeAll(async () => {
  s = await startScenario({ dataDir })
})
afterAll(async () => {
  await s.service.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const reason = { reason: '按规定处理' }

const completed = async (more: Json = {}): Promise<string> => {
  const ticketNo = await s.register(more)
  await s.respond(ticketNo)
  await s.close(ticketNo)
  return ticketNo
}

/** Appends events as an earlier version left them in the log. */
const leave = async (ticketNo: string, ...events: { type: string; data: Json }[]): Promise<string[]> => {
  const { store } = s.service.deps
  const version = (await store.readStream(ticketStream(ticketNo))).length
  const commandId = newCommandId()
  const recordedAt = s.service.deps.now()
  const metadata = { commandId, actor: { id: 'sa-1', role: 'sa' }, correlationId: 'c', recordedAt }
  const stored = events.map((event, index) => ({ ...event, id: eventId(commandId, index), metadata }))
  await store.append(ticketStream(ticketNo), version, stored)
  return stored.map(({ id }) => id)
}
const sealed = (): string => s.service.deps.sealing.seal(s.service.deps.subjects.create() as string, reason)

const problems = async (): Promise<string[]> => {
  const found: string[] = []
  const log = openLog(join(dataDir, 'events.db'), true)
  await checkLinks({ log, store: s.service.deps.store }, (problem) => void found.push(problem))
  log.close()
  return found
}

const restart = async (): Promise<void> => {
  const now = s.service.deps.now()
  await s.service.close()
  s = scenarioOf(await startTestService({ now, dataDir }))
}

describe('many writes at once on one ticket without If-Match', () => {
  it.each([20, 200])('all succeed: %i', async (count) => {
    const ticketNo = await s.register()
    const calls = Array.from({ length: count }, () =>
      s.act(ticketNo, 'contacts', { channel: 'phone', content: '再次来电' }, csr),
    )
    expect(new Set((await Promise.all(calls)).map(({ status }) => status))).toEqual(new Set([200]))
    expect((await s.ticket(ticketNo)).calls).toBe(count)
  })

  it('with If-Match one succeeds, the others are told', async () => {
    const ticketNo = await s.register()
    const calls = Array.from({ length: 5 }, () =>
      s.act(ticketNo, 'contacts', { channel: 'phone', content: '再次来电' }, csr, { 'if-match': '"2"' }),
    )
    expect((await Promise.all(calls)).map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412])
  })
})

describe('two acts at once that contradict each other', () => {
  it('X a duplicate of Y and Y of X: one survives', async () => {
    const [x, y] = [await s.register(), await s.register()]
    const answers = await Promise.all([
      s.act(x, 'duplicate-of', { ticketNo: y, ...reason }, sa),
      s.act(y, 'duplicate-of', { ticketNo: x, ...reason }, sa),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422])
    expect([(await s.ticket(x)).state, (await s.ticket(y)).state].sort()).toEqual(['duplicate', 'unhandled'])
  })

  it('two earlier tickets and one repeat: one link', async () => {
    const [x, y] = [await completed(), await completed()]
    s.go('2026-03-03 10:00')
    const repeat = await s.register()
    const answers = await Promise.all(
      [x, y].map((each) => s.act(each, 'repeat-link', { ticketNo: repeat, ...reason }, csr)),
    )
    expect(answers.map(({ body }) => body.code).sort()).toEqual(['already_a_repeat', undefined])
    expect([(await s.ticket(x)).escalatedTo, (await s.ticket(y)).escalatedTo].sort()).toEqual(
      [null, repeat].sort(),
    )
  })

  it('a survivor is rescinded or marked a duplicate itself only after its duplicates are undone', async () => {
    const [x, y, z] = [await s.register(), await s.register(), await s.register()]
    await s.does(x, 'duplicate-of', { ticketNo: y, ...reason }, sa)
    for (const [path, body] of [
      ['rescind', reason],
      ['duplicate-of', { ticketNo: z, ...reason }],
    ] as const)
      expect(problemOf(await s.act(y, path, body, sa))).toEqual(refused(409, 'has_duplicates'))
    await s.does(x, 'duplicate-undo', reason, sa)
    expect(await s.does(y, 'rescind', reason, sa)).toMatchObject({ state: 'rescinded' })
  })
})

describe('undoing a duplicate', () => {
  it('makes the ticket what it was, its calls leave the survivor, its unit counts again', async () => {
    const kpi = 'reports/kpi?quarter=2026Q1&by=dealer&dealer=D002'
    const [x, y] = [await s.register({ dealerCode: 'D002' }), await s.register()]
    await s.call(x)
    await s.respond(x, dealer('D002'))
    const before = await s.ticket(x)
    const rates = (await s.get(kpi)).body.totals
    await s.does(x, 'duplicate-of', { ticketNo: y, ...reason }, supervisor)
    expect([(await s.ticket(y)).calls, (await s.get(kpi)).body.totals.total]).toEqual([2, rates.total - 1])
    const undone = await s.writes(x, 'duplicate-undo', reason, sa)
    expect(undone).toEqual({ ...before, version: undone.version })
    expect((await s.ticket(y)).calls).toBe(0)
    expect((await s.get(kpi)).body.totals).toEqual(rates)
    const said = async (language: string) =>
      (await s.get(`tickets/${x}/timeline`, sa, { 'accept-language': language })).body.items.at(-1).text
    expect(await said('en')).toBe(`No longer a duplicate of ${y}`)
    expect(await said('zh-CN')).toBe(`撤销与 ${y} 的重复标记`)
    await s.close(x, dealer('D002'))
    expect((await s.get(kpi)).body.totals.close.met).toBe(rates.close.met + 1)
  })

  it('finds the customer’s next call again', async () => {
    const phone = '13877770001'
    const [x, y] = [await s.register({ customer: { phone } }), await s.register()]
    await s.does(x, 'duplicate-of', { ticketNo: y, ...reason }, sa)
    await s.does(x, 'duplicate-undo', reason, sa)
    expect(await s.take({ customer: { phone } })).toMatchObject({ outcome: 'contact_logged', ticketNo: x })
  })

  it('is the SA’s, only of a duplicate, and replayed', async () => {
    const [x, y] = [await s.register(), await s.register()]
    expect(problemOf(await s.act(x, 'duplicate-undo', reason, supervisor))).toEqual(
      refused(403, 'role_not_allowed'),
    )
    expect(problemOf(await s.act(x, 'duplicate-undo', reason, sa))).toEqual(refused(409, 'not_a_duplicate'))
    await s.does(x, 'duplicate-of', { ticketNo: y, ...reason }, sa)
    const key = { 'idempotency-key': 'undo-once' }
    const first = await s.act(x, 'duplicate-undo', reason, sa, key)
    const again = await s.act(x, 'duplicate-undo', reason, sa, key)
    expect([again.status, again.headers['idempotent-replayed'], again.body]).toEqual([
      200,
      'true',
      first.body,
    ])
  })
})

describe('a folder of an earlier version', () => {
  it('with duplicates of each other answers, says so, and is repaired by the act it is told', async () => {
    const phone = '13877770002'
    const [x, y] = [
      await s.register({ customer: { phone } }),
      await s.register({ customer: { phone }, sameProblemAs: null }),
    ]
    for (const [one, other] of [
      [x, y],
      [y, x],
    ] as const)
      await leave(
        one,
        { type: 'DuplicateAbsorbed', data: { duplicate: other, calls: 1, text: sealed() } },
        { type: 'MarkedDuplicate', data: { of: other, text: sealed() } },
      )
    const { body } = await s.post(csr, 'complaints/candidates', { phone, category: 'A4a' })
    expect([body.proposal, body.items.length]).toEqual(['new', 2])
    expect(
      problemOf(await s.post(csr, 'complaints', s.complaint({ customer: { phone }, sameProblemAs: x }))),
    ).toEqual(refused(422, 'unknown_ticket', ['body', '#/sameProblemAs']))
    await restart()
    expect((await problems()).join('\n')).toContain(
      `Ticket ${x} is a duplicate of ${y}, which is rescinded, a duplicate or not there: POST /v1/tickets/${x}/duplicate-undo repairs it.`,
    )
    expect(await s.does(x, 'duplicate-undo', reason, sa)).toMatchObject({
      state: 'unhandled',
      duplicateOf: null,
    })
    expect((await problems()).filter((each) => each.includes(x) || each.includes(y))).toEqual([])
  })

  it('with repeats in a circle answers', async () => {
    const phone = '13877770003'
    const [x, y] = [
      await completed({ customer: { phone } }),
      await completed({ customer: { phone }, sameProblemAs: null }),
    ]
    const data = (repeat: string) => ({ repeat, ordinal: 2, registration: null, text: null })
    await leave(
      x,
      { type: 'RepeatLinked', data: data(y) },
      { type: 'BecameRepeat', data: { of: y, ordinal: 2 } },
    )
    await leave(
      y,
      { type: 'RepeatLinked', data: data(x) },
      { type: 'BecameRepeat', data: { of: x, ordinal: 2 } },
    )
    expect((await s.post(csr, 'complaints/candidates', { phone, category: 'A4a' })).status).toBe(200)
    expect(await s.take({ customer: { phone } })).toMatchObject({ outcome: 'registered' })
    await restart()
    for (const [one, other] of [
      [x, y],
      [y, x],
    ])
      await s.act(one as string, 'repeat-unlink', { ticketNo: other, ...reason }, csr)
    expect((await problems()).filter((each) => each.includes(x) || each.includes(y))).toEqual([])
  })

  it('with a link only the later ticket knows of is repaired by an unlink, which is replayed', async () => {
    const earlier = await completed()
    const later = await s.register()
    await leave(later, { type: 'BecameRepeat', data: { of: earlier, ordinal: 2 } })
    expect((await problems()).join('\n')).toContain(
      `POST /v1/tickets/${earlier}/repeat-unlink with ticketNo ${later} repairs it.`,
    )
    const key = { 'idempotency-key': 'one-sided' }
    const unlink = () => s.act(earlier, 'repeat-unlink', { ticketNo: later, ...reason }, csr, key)
    const [first, again] = [await unlink(), await unlink()]
    expect([first.status, again.status, again.body]).toEqual([200, 200, first.body])
    expect(await s.ticket(later)).toMatchObject({ escalatedFrom: null, relatedTo: earlier })
    expect((await problems()).filter((each) => each.includes(later))).toEqual([])
  })

  it('with a link whose repeat was rescinded meanwhile withdraws it at start', async () => {
    const [x, y] = [await completed(), await s.register()]
    await s.does(y, 'rescind', reason, sa)
    await leave(x, {
      type: 'RepeatLinked',
      data: { repeat: y, ordinal: 2, registration: null, text: sealed() },
    })
    expect((await problems()).join('\n')).toContain('the next start of the service repairs it')
    await restart()
    expect(s.service.deps.views.followUps.open()).toEqual([])
    expect(await s.ticket(x)).toMatchObject({ escalatedTo: null, measures: { firstTime: 'pending' } })
    expect((await s.get(`tickets/${x}/timeline`)).body.items.at(-1)).toMatchObject({
      text: `No longer repeated by ${y}: the other ticket refused it (ticket_is_over)`,
    })
    expect((await problems()).filter((each) => each.includes(x))).toEqual([])
    const head = await s.head()
    await restart()
    expect(await s.head()).toBe(head)
  })

  it('with a survivor that absorbed a ticket which was rescinded meanwhile gives its calls back at start', async () => {
    const [x, y] = [await s.register(), await s.register()]
    await s.does(y, 'rescind', reason, sa)
    await leave(x, { type: 'DuplicateAbsorbed', data: { duplicate: y, calls: 3, text: sealed() } })
    expect((await s.ticket(x)).calls).toBe(3)
    await restart()
    expect((await s.ticket(x)).calls).toBe(0)
    expect(s.service.deps.views.followUps.open()).toEqual([])
  })
})

describe('a second half that is refused', () => {
  /** The request did its first half; then the other ticket changed, as where a lock was lost. */
  it('withdraws the mark, in the same words when the request is sent again', async () => {
    const [x, y] = [await s.register(), await s.register()]
    const { version } = await s.ticket(x)
    const { store } = s.service.deps
    // whoever looks at the survivor after the mark finds it rescinded
    const append = store.append
    store.append = async (stream, expected, events) => {
      const appended = await append(stream, expected, events)
      if (stream === ticketStream(x) && events[0]?.type === 'MarkedDuplicate')
        await leave(y, { type: 'TicketRescinded', data: { text: sealed() } })
      return appended
    }
    const key = { 'idempotency-key': 'refused-later' }
    const mark = () => s.act(x, 'duplicate-of', { ticketNo: y, ...reason }, sa, key)
    const first = await mark()
    store.append = append
    expect(problemOf(first)).toEqual(refused(422, 'ticket_not_usable', ['body', '#/ticketNo']))
    expect(await s.ticket(x)).toMatchObject({ state: 'unhandled', duplicateOf: null, version: version + 2 })
    expect(problemOf(await mark())).toEqual(problemOf(first))
    expect(s.service.deps.views.followUps.open()).toEqual([])
    expect(await problems()).toEqual([])
  })

  it('of which the store did not take the append is completed by the request sent again', async () => {
    const [x, y] = [await s.register(), await s.register()]
    const { store } = s.service.deps
    const append = store.append
    store.append = (stream, expected, events) =>
      stream === ticketStream(y) ? Promise.reject(new Error('no answer')) : append(stream, expected, events)
    const key = { 'idempotency-key': 'cut-off' }
    const mark = () => s.act(x, 'duplicate-of', { ticketNo: y, ...reason }, sa, key)
    expect((await mark()).status).toBe(500)
    store.append = append
    expect(s.service.deps.views.followUps.open()).toHaveLength(1)
    expect((await mark()).status).toBe(200)
    expect(s.service.deps.views.followUps.open()).toEqual([])
    expect((await s.ticket(y)).calls).toBe(1)
  })
})
