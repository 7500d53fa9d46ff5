/**
 * A small network, its people, and the way of a complaint, for tests of the API. The story begins on Monday
 * 2026-03-02 at 10:00 in Shanghai; times are Shanghai's clock, `2026-03-02 10:00`.
 */
import { expect } from '@jest/globals'
import type { Role } from '../../domain/authority.ts'
import type { Instant } from '../../domain/instant.ts'
import { enterNetwork } from './network.ts'
import { type Answer, type Json, startTestService, type TestService, type Who } from './service.ts'

export const start = '2026-03-02 10:00'

/** A time of Shanghai's clock as an instant. */
export const at = (wallClock: string): Instant =>
  new Date(`${wallClock.replace(' ', 'T')}+08:00`).toISOString()

export const one = (role: Role, more: Partial<Who> = {}): Who => ({ roles: [role], sub: role, ...more })
export const dealer = (code = 'D001'): Who => one('dealer', { dealer: code, sub: `people of ${code}` })
export const rbo = (code = 'EAST'): Who => one('rbo', { rbo: code, sub: `people of ${code}` })
export const csr = one('csr')
export const media = one('csr_media')
export const system = one('csc_system')
export const supervisor = one('csc_supervisor')
export const se = one('se')
export const seMedia = one('se_media')
export const sa = one('sa')
export const admin = one('admin')

/** The problem an answer is, field by field; a field's detail only where the expectation has one. */
export const problemOf = ({ status, headers, body }: Answer) => ({
  type: headers['content-type'],
  status,
  code: body?.code,
  fields: body?.errors?.map((error: Json) => [error.in, error.pointer]),
})

/** What `problemOf` says of a refusal. */
export const refused = (status: number, code: string, ...fields: [string, string][]) => ({
  type: 'application/problem+json; charset=utf-8',
  status,
  code,
  fields,
})

/** Customers so far; a service that is started again on its data meets new ones too. */
let customers = 0

/** What callers do to a service, whose network is there. */
export const scenarioOf = (service: TestService) => {
  /** A complaint's body; every one is another customer's unless it says a phone. */
  const complaint = (more: Json = {}): Json => {
    customers += 1
    const { customer, ...rest } = more
    return {
      channel: 'phone',
      category: 'A4a',
      dealerCode: 'D001',
      customer: { name: '王小明', phone: `137${String(customers).padStart(8, '0')}`, ...customer },
      content: '销售顾问态度恶劣',
      ...rest,
    }
  }
  const post = (who: Who | null, path: string, body: unknown, headers: Record<string, string> = {}) =>
    service.call(who, 'POST', `/v1/${path}`, { body, headers })
  const done = async (answer: Promise<Answer>): Promise<Json> => {
    const { status, text, body } = await answer
    // with the problem beside it, so that a failure says what was wrong
    expect([status, text]).toEqual([status === 201 ? 201 : 200, text])
    return body
  }
  const take = (more: Json = {}, who: Who = csr): Promise<Json> =>
    done(post(who, 'complaints', complaint(more)))
  const act = (ticketNo: string, path: string, body: unknown, who: Who, headers?: Record<string, string>) =>
    post(who, `tickets/${ticketNo}/${path}`, body, headers)

  const ticket = async (ticketNo: string, who: Who = sa): Promise<Json> =>
    done(service.call(who, 'GET', `/v1/tickets/${ticketNo}`))
  const head = () => service.deps.store.head()

  return {
    service,
    complaint,
    post,
    act,
    take,
    /** Its ticket's number. */
    register: async (more: Json = {}, who: Who = csr): Promise<string> => (await take(more, who)).ticketNo,
    registerB: async (more: Json = {}): Promise<string> =>
      (await take({ category: 'B4', source: 'media', dealerCode: null, ...more }, media)).ticketNo,
    /** As `act`, where it must succeed; gives the body. */
    does: (ticketNo: string, path: string, body: unknown, who: Who) => done(act(ticketNo, path, body, who)),
    respond: (ticketNo: string, who: Who = dealer()) =>
      done(act(ticketNo, 'responses', { method: 'phone', reached: true, note: '已联系客户' }, who)),
    close: (ticketNo: string, who: Who = dealer(), more: Json = {}) =>
      done(act(ticketNo, 'close', { result: '属实', measures: '已道歉', ...more }, who)),
    call: (ticketNo: string, more: Json = {}) =>
      done(act(ticketNo, 'contacts', { channel: 'phone', content: '再次来电', ...more }, csr)),
    get: (path: string, who: Who = sa, headers: Record<string, string> = {}) =>
      service.call(who, 'GET', `/v1/${path}`, { headers }),
    ticket,
    /** Does a write and compares its answer with what every one gives: the ticket, its version, its place in the log. */
    writes: async (ticketNo: string, path: string, body: Json, who: Who): Promise<Json> => {
      const answer = await act(ticketNo, path, body, who)
      const { repeat: _, ...written } = await done(Promise.resolve(answer))
      expect(written).toEqual(await ticket(ticketNo, who))
      expect(answer.headers.etag).toBe(`"${written.version}"`)
      expect(answer.headers['x-position']).toBe(await head())
      expect(answer.headers['idempotent-replayed']).toBeUndefined()
      return answer.body
    },
    /** The numbers in a list, in its order. */
    numbers: async (path: string, who: Who = sa): Promise<string[]> =>
      (await done(service.call(who, 'GET', `/v1/${path}`))).items.map((item: Json) => item.ticketNo),
    /** Sets the clock to a time of Shanghai's. */
    go: (wallClock: string): void => service.setClock(at(wallClock)),
    head,
  }
}
export type Scenario = ReturnType<typeof scenarioOf>

/** A service with the network: EAST with D001, D002 and the inactive D009, NORTH with D003, WEST (`CN-XJ`) with D004. */
export const startScenario = async (
  options: Parameters<typeof startTestService>[0] & object = {},
): Promise<Scenario> => {
  const { now = start, ...rest } = options
  const service = await startTestService({ ...rest, now: at(now) })
  await enterNetwork(service)
  return scenarioOf(service)
}
