import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { csr, problemOf, refused, type Scenario, se, startScenario } from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())

const call = { channel: 'phone', content: '催办' }

/** The status of a call on the ticket with that `If-Match`, and whether it wrote anything. */
const callIf = async (ticketNo: string, ifMatch: string) => {
  const head = await s.head()
  const answer = await s.act(ticketNo, 'contacts', call, csr, { 'if-match': ifMatch })
  return { answer, wrote: (await s.head()) !== head }
}

describe('the ETag of a ticket', () => {
  it('is its version, on reads and writes', async () => {
    const ticketNo = await s.register()
    const { headers, body } = await s.get(`tickets/${ticketNo}`)
    expect([headers.etag, body.version]).toEqual(['"2"', 2])
    expect((await s.act(ticketNo, 'contacts', call, csr)).headers.etag).toBe('"3"')
  })
})

describe('If-Match', () => {
  it.each(['"2"', 'W/"2"', '"1", "2"', '*'])('%s lets the write through', async (ifMatch) => {
    const { answer, wrote } = await callIf(await s.register(), ifMatch)
    expect([answer.status, answer.headers.etag, wrote]).toEqual([200, '"3"', true])
  })

  it.each(['"1"', 'W/"3"', '"7", W/"8"'])('%s of another version is 412', async (ifMatch) => {
    const { answer, wrote } = await callIf(await s.register(), ifMatch)
    expect(problemOf(answer)).toEqual(refused(412, 'version_conflict'))
    expect(wrote).toBe(false)
  })

  it.each(['2', '"two"', '', '"2', '"2";'])('%j is none', async (ifMatch) => {
    const { answer, wrote } = await callIf(await s.register(), ifMatch)
    expect(problemOf(answer)).toEqual(refused(400, 'invalid_request', ['header', 'If-Match']))
    expect(wrote).toBe(false)
  })

  it('of two writes on the same version lets one through', async () => {
    const ticketNo = await s.register()
    const answers = await Promise.all([1, 2, 3].map(() => callIf(ticketNo, '"2"')))
    expect(answers.map(({ answer }) => answer.status).sort()).toEqual([200, 412, 412])
    expect((await s.ticket(ticketNo)).calls).toBe(1)
  })

  it('of a duplicate is held against the ticket of the path, not its survivor', async () => {
    const [survivor, ticketNo] = [await s.register(), await s.register()]
    await s.call(survivor)
    const body = { ticketNo: survivor, reason: '重复' }
    const stale = await s.act(ticketNo, 'duplicate-of', body, se, { 'if-match': '"3"' })
    expect(problemOf(stale)).toEqual(refused(412, 'version_conflict'))
    expect((await s.act(ticketNo, 'duplicate-of', body, se, { 'if-match': '"2"' })).status).toBe(200)
  })

  it('is looked at before the ticket’s state, and after its scope', async () => {
    const ticketNo = await s.register()
    const close = { result: '属实', measures: '道歉' }
    const holder: Who = { roles: ['dealer'], dealer: 'D001' }
    const stale = { 'if-match': '"1"' }
    expect((await s.act(ticketNo, 'close', close, holder, stale)).status).toBe(412)
    expect((await s.act(ticketNo, 'close', close, { roles: ['dealer'], dealer: 'D003' }, stale)).status).toBe(
      404,
    )
  })
})

describe('writes at the same moment', () => {
  it('without If-Match all happen, none is lost', async () => {
    const ticketNo = await s.register()
    const answers = await Promise.all(Array.from({ length: 8 }, () => s.act(ticketNo, 'contacts', call, csr)))
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
    expect(new Set(answers.map(({ headers }) => headers.etag)).size).toBe(8)
    expect((await s.ticket(ticketNo)).calls).toBe(8)
    const { items } = (await s.get(`tickets/${ticketNo}/timeline`)).body
    expect(items.map(({ version }: Json) => version)).toEqual(
      items.map((_: Json, index: number) => index + 1),
    )
  })
})
