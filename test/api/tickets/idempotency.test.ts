import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  csr,
  dealer,
  problemOf,
  refused,
  type Scenario,
  scenarioOf,
  se,
  start,
  startScenario,
  system,
} from '../../support/scenario.ts'
import { type Answer, type Json, startTestService, type Who } from '../../support/service.ts'

let s: Scenario
const dataDir = mkdtempSync(join(tmpdir(), 'complaints-'))
beforeAll(async () => {
  s = await startScenario({ dataDir })
})
afterAll(async () => {
  await s.service.close()
  rmSync(dataDir, { recursive: true, force: true })
})

type Call = { who: Who; path: string; body: Json; key: string }
const send = ({ who, path, body, key }: Call, more: Record<string, string> = {}): Promise<Answer> =>
  s.post(who, path, body, { 'idempotency-key': key, ...more })

/** All of an answer that a caller may go by. */
const essence = ({ status, headers, body }: Answer) => ({
  status,
  body,
  etag: headers.etag,
  position: headers['x-position'],
  location: headers.location,
})

/** Sends a call twice: the second changes nothing and answers the same. */
const twice = async (call: Call): Promise<Answer> => {
  const first = await send(call)
  expect([first.status < 300, first.headers['idempotent-replayed']]).toEqual([true, undefined])
  const head = await s.head()
  s.go('2026-03-30 10:00')
  const second = await send(call)
  s.go(start)
  expect(second.headers['idempotent-replayed']).toBe('true')
  expect(essence(second)).toEqual(essence(first))
  expect(await s.head()).toBe(head)
  return first
}

const completed = async (more: Json = {}): Promise<string> => {
  const ticketNo = await s.register(more)
  await s.respond(ticketNo)
  await s.close(ticketNo)
  return ticketNo
}

const complaints = (key: string, more: Json = {}, who: Who = csr): Call => ({
  who,
  path: 'complaints',
  body: s.complaint(more),
  key,
})

describe('the same call with the same key gives the first answer again', () => {
  it('to a registration', async () => {
    const { body } = await twice(complaints('registered', { flags: ['agitated'], externalNo: 'X-1' }))
    expect(body).toMatchObject({ outcome: 'registered', warnings: ['W4'] })
  })

  it('to a contact, though more were logged since', async () => {
    const customer = { phone: '13500000001' }
    const ticketNo = await s.register({ customer })
    const call = complaints('contact', { customer })
    const first = await send(call)
    expect(first.body).toEqual({ outcome: 'contact_logged', ticketNo, version: 3, calls: 1, warnings: [] })
    await s.take({ customer })
    expect(essence(await send(call))).toEqual(essence(first))
    expect((await s.ticket(ticketNo)).calls).toBe(2)
  })

  it('to an escalation, though the repeat moved on since', async () => {
    const customer = { phone: '13500000002' }
    await completed({ customer })
    s.go('2026-03-02 10:01')
    const call = complaints('escalated', { customer })
    const first = await send(call)
    expect(first.body).toMatchObject({ outcome: 'escalated', ordinal: 2 })
    await s.does(first.body.ticketNo, 'redispatch', { tier: 'se', reason: '升级' }, csr)
    expect(essence(await send(call))).toEqual(essence(first))
    s.go(start)
  })

  it.each<[string, Json, Who]>([
    ['contacts', { channel: 'phone', content: '催办', flags: ['media'] }, csr],
    ['responses', { method: 'visit', reached: false, note: '未接' }, dealer()],
    ['records', { kind: 'consumer_informed', note: '已告知' }, csr],
    ['redispatch', { tier: 'rbo', reason: '误派', misrouted: true }, csr],
    ['reclassify', { category: 'B4', reason: '媒体', source: 'media' }, se],
    ['rescind', { reason: '误登记' }, se],
    ['warnings', { code: 'W6', reason: '特殊' }, csr],
  ])('to %s', async (path, body, who) => {
    const ticketNo = await s.register()
    await twice({ who, path: `tickets/${ticketNo}/${path}`, body, key: path })
  })

  it('to close', async () => {
    const ticketNo = await s.register()
    await s.respond(ticketNo)
    const body = { result: '属实', measures: '道歉' }
    const { body: ticket } = await twice({
      who: dealer(),
      path: `tickets/${ticketNo}/close`,
      body,
      key: 'close',
    })
    expect(ticket).toMatchObject({ state: 'completed', measures: { firstTime: 'pending' } })
  })

  it('to duplicate-of, which goes to the survivor first', async () => {
    const [survivor, ticketNo] = [await s.register(), await s.register()]
    const body = { ticketNo: survivor, reason: '重复' }
    const first = await twice({ who: se, path: `tickets/${ticketNo}/duplicate-of`, body, key: 'dup' })
    expect(first.body).toMatchObject({ ticketNo, state: 'duplicate', duplicateOf: survivor })
    expect((await s.ticket(survivor)).calls).toBe(1)
  })

  it('to repeat-link and repeat-unlink', async () => {
    const earlier = await completed()
    s.go('2026-03-02 10:01')
    const repeat = await s.register()
    const body = { ticketNo: repeat, reason: '同一问题' }
    const link = { who: csr, path: `tickets/${earlier}/repeat-link`, body, key: 'link' }
    expect((await twice(link)).body).toMatchObject({ ticketNo: earlier, escalatedTo: repeat })
    const unlink = { who: csr, path: `tickets/${earlier}/repeat-unlink`, body, key: 'unlink' }
    expect((await twice(unlink)).body).toMatchObject({ ticketNo: earlier, escalatedTo: null })
  })

  it('to a callback that registers the repeat', async () => {
    const earlier = await completed()
    s.go('2026-03-02 10:01')
    const body = { outcome: 'dissatisfied', sameProblem: true, note: '仍未解决', repeatExternalNo: 'X-9' }
    const first = await twice({ who: csr, path: `tickets/${earlier}/callbacks`, body, key: 'callback' })
    expect(first.body).toMatchObject({
      ticketNo: earlier,
      escalatedTo: first.body.repeat.ticketNo,
      repeat: { outcome: 'escalated', ordinal: 2, escalatedFrom: earlier },
    })
    expect(first.headers.etag).toBe(`"${(await s.ticket(earlier)).version}"`)
  })

  it('to acknowledge and resolve', async () => {
    const ticketNo = await s.register({ flags: ['agitated'] })
    const { warnings } = await s.ticket(ticketNo)
    const path = `tickets/${ticketNo}/warnings/${warnings[0].warningId}`
    const who: Who = { roles: ['rbo'], rbo: 'EAST' }
    await twice({ who, path: `${path}/acknowledge`, body: {}, key: 'ack' })
    await twice({ who, path: `${path}/resolve`, body: { result: '已安抚' }, key: 'resolve' })
  })
})

describe('an Idempotency-Key', () => {
  it('used with another body is refused, and nothing is written', async () => {
    const call = complaints('reused')
    await send(call)
    const head = await s.head()
    const answer = await send({ ...call, body: { ...call.body, content: '另一内容' } })
    expect(problemOf(answer)).toEqual(refused(422, 'idempotency_key_reused', ['header', 'Idempotency-Key']))
    expect(await s.head()).toBe(head)
  })

  it('compares bodies as parsed JSON', async () => {
    const call = complaints('parsed')
    const { body } = await send(call)
    const turned = Object.fromEntries(Object.entries(call.body).reverse())
    const answer = await s.service.call(csr, 'POST', '/v1/complaints', {
      body: JSON.stringify(turned, null, 2),
      headers: { 'idempotency-key': 'parsed', 'content-type': 'application/json' },
    })
    expect([answer.headers['idempotent-replayed'], answer.body]).toEqual(['true', body])
  })

  it('is its sub’s own', async () => {
    const call = complaints('mine')
    await send(call)
    const { headers, body } = await send({ ...call, who: { ...csr, sub: 'another agent' } })
    expect([headers['idempotent-replayed'], body.outcome]).toEqual([undefined, 'contact_logged'])
  })

  it('belongs to the token, not to the agent the software writes for', async () => {
    const call = complaints('software', {}, system)
    await send(call, { 'x-on-behalf-of': 'CSR-1' })
    const again = await send(call, { 'x-on-behalf-of': 'CSR-2' })
    expect(again.headers['idempotent-replayed']).toBe('true')
  })

  it('is its path’s own', async () => {
    const [one, other] = [await s.register(), await s.register()]
    for (const ticketNo of [one, other]) {
      const body = { channel: 'phone', content: '催办' }
      const answer = await send({ who: csr, path: `tickets/${ticketNo}/contacts`, body, key: 'same' })
      expect([answer.headers['idempotent-replayed'], answer.body.calls]).toEqual([undefined, 1])
    }
  })

  it('is looked at before If-Match and the ticket’s state', async () => {
    const ticketNo = await s.register()
    const body = { method: 'phone', reached: true, note: '已联系' }
    const call = { who: dealer(), path: `tickets/${ticketNo}/responses`, body, key: 'before' }
    const first = await send(call, { 'if-match': '"2"' })
    await s.close(ticketNo)
    const again = await send(call, { 'if-match': '"2"' })
    expect(essence(again)).toEqual(essence(first))
  })

  it('of a write that was refused is free', async () => {
    const call = complaints('free', { dealerCode: 'D999' })
    expect((await send(call)).status).toBe(422)
    const answer = await send({ ...call, body: { ...call.body, dealerCode: 'D001' } })
    expect([answer.status, answer.headers['idempotent-replayed']]).toEqual([201, undefined])
  })

  it('in flight elsewhere is refused, and the write is done once', async () => {
    const { store } = s.service.deps
    const { append } = store
    const appending = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    store.append = async (...asked) => {
      appending.resolve()
      await goOn.promise
      return append(...asked)
    }
    const call = complaints('at-once')
    const first = send(call)
    await appending.promise
    expect(problemOf(await send(call))).toEqual(refused(409, 'request_in_progress'))
    goOn.resolve()
    store.append = append
    expect((await first).status).toBe(201)
    expect((await send(call)).headers['idempotent-replayed']).toBe('true')
  })

  it.each([[''], [' '], ['a b'], ['schlüssel'], ['x'.repeat(256)]])('is not %j', async (key) => {
    const answer = await send(complaints(key))
    expect(problemOf(answer)).toEqual(refused(400, 'invalid_idempotency_key', ['header', 'Idempotency-Key']))
  })

  it('of 255 characters is one', async () => {
    expect((await send(complaints('x'.repeat(255)))).status).toBe(201)
  })

  it('is remembered after a restart, for every outcome', async () => {
    const customer = { phone: '13500000003' }
    const earlier = await completed()
    s.go('2026-03-02 10:01')
    const calls: Call[] = [
      complaints('restart 1'.replace(' ', '-'), { customer }),
      complaints('restart-2', { customer }),
      complaints('restart-3', { sameProblemAs: earlier }),
      {
        who: csr,
        path: `tickets/${earlier}/callbacks`,
        body: { outcome: 'dissatisfied', sameProblem: true, note: '仍未解决' },
        key: 'restart-4',
      },
    ]
    const before: unknown[] = []
    for (const call of calls) before.push(essence(await send(call)))
    await s.service.close()
    s = scenarioOf(await startTestService({ now: '2026-04-01T00:00:00.000Z', dataDir }))
    const head = await s.head()
    for (const [index, call] of calls.entries()) {
      const again = await send(call)
      expect(again.headers['idempotent-replayed']).toBe('true')
      expect(essence(again)).toEqual(before[index])
    }
    expect(await s.head()).toBe(head)
  })
})
