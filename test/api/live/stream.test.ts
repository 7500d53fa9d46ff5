import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { announcedOf } from '../../../domain/announced.ts'
import { signToken } from '../../../src/developmentToken.ts'
import { loadDevelopmentKey } from '../../../src/devKey.ts'
import {
  csr,
  dealer,
  one,
  problemOf,
  rbo,
  refused,
  type Scenario,
  sa,
  startScenario,
} from '../../support/scenario.ts'
import type { Who } from '../../support/service.ts'
import { importing, ndjson, register } from '../imports/importing.ts'
import { feedOf, listening, openReader, openSilent, type Reader, until } from './readers.ts'

const kills = Number(process.env.STREAM_KILLS ?? 3)

let s: Scenario
let url: string
beforeAll(async () => {
  s = await startScenario()
  url = await listening(s.service)
})
afterAll(() => s.service.close())

const open = async (who: Who, more: Parameters<typeof openReader>[2] = {}): Promise<Reader> =>
  openReader(url, await s.service.tokenOf(who), more)
const ids = ({ told }: Reader): string[] => told.map(({ id }) => id)
const metric = async (name: string): Promise<number> => {
  const { body } = await s.service.deps.metrics.scrape()
  return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(body)?.[1])
}

describe('the stream', () => {
  it('has the items of the feed for each caller, in its order, each once', async () => {
    const people = [sa, one('admin'), dealer('D001'), dealer('D003'), rbo('EAST'), rbo('NORTH')]
    const from = (await s.head()) as string
    const readers = await Promise.all(people.map((who) => open(who)))
    const no = await s.register({ flags: ['agitated'] })
    await s.register({ dealerCode: 'D003' })
    await s.respond(no)
    for (const [index, who] of people.entries()) {
      const expected = await feedOf(s.service, who, from)
      const reader = readers[index] as Reader
      await until(() => reader.told.length >= expected.length, `${expected.length} items of ${who.sub}`)
      expect(ids(reader)).toEqual(expected.map(({ position }) => position))
      for (const { id, type, data } of reader.told) expect([data.position, data.type]).toEqual([id, type])
    }
    // masked, not only left out
    expect(JSON.stringify((readers[1] as Reader).told)).not.toContain('王小明')
    expect(JSON.stringify((readers[0] as Reader).told)).toContain('王小明')
    expect(await metric('stream_readers')).toBe(people.length)
    await Promise.all(readers.map((reader) => reader.cut()))
    let left = people.length
    await until(() => {
      void metric('stream_readers').then((now) => {
        left = now
      })
      return left === 0
    }, 'the readers are gone')
  })

  it('says that a ticket left the scope, and tells the unit it went to', async () => {
    const [loser, winner] = [await open(dealer('D001')), await open(dealer('D003'))]
    const no = await s.register()
    await s.does(no, 'redispatch', { dealerCode: 'D003', reason: '理由', misrouted: false }, csr)
    await until(() => loser.told.some(({ type }) => type === 'ticket.removed'), 'the removal')
    await until(() => winner.told.some(({ type }) => type === 'ticket.dispatched'), 'the dispatch')
    expect(loser.told.at(-1)?.data).toEqual({
      position: loser.told.at(-1)?.id,
      at: expect.any(String),
      type: 'ticket.removed',
      ticketNo: no,
      version: null,
      ticket: null,
    })
    await Promise.all([loser.cut(), winner.cut()])
  })

  it('sends nothing of an import', async () => {
    const reader = await open(sa)
    await importing(s, ndjson([register('2026-02-02 10:00', 'S-1', '13711110001')]))
    const no = await s.register()
    await until(() => reader.told.length >= 2, 'what came after the import')
    expect(new Set(reader.told.map(({ data }) => data.ticketNo))).toEqual(new Set([no]))
    await reader.cut()
  })

  it('refuses an id that is none, one behind the end, and an unknown topic', async () => {
    const ask = (headers: Record<string, string>, query = '') => s.get(`stream${query}`, sa, headers)
    expect(problemOf(await ask({ 'last-event-id': 'nowhere' }))).toEqual(
      refused(400, 'invalid_request', ['header', 'Last-Event-ID']),
    )
    expect(problemOf(await ask({ 'last-event-id': '99999999' }))).toEqual(refused(409, 'position_unknown'))
    expect(problemOf(await ask({}, '?topics=weather'))).toEqual(
      refused(400, 'invalid_request', ['query', 'topics']),
    )
  })

  it.each([
    '-1',
    '1.5',
    '1e3',
    '0x1',
    '1 2',
    '12-34',
    'null',
    '9'.repeat(16),
    '9'.repeat(1_000),
    '<script>',
    '',
  ])('refuses %j as Last-Event-ID, and the feed as after', async (id) => {
    const malformed = (where: string, name: string) => refused(400, 'invalid_request', [where, name])
    expect(problemOf(await s.get('stream', sa, { 'last-event-id': id }))).toEqual(
      malformed('header', 'Last-Event-ID'),
    )
    expect(problemOf(await s.get(`feed?after=${encodeURIComponent(id)}`))).toEqual(
      malformed('query', 'after'),
    )
  })

  it('takes the beginning of the log, and its end, as Last-Event-ID', async () => {
    const head = (await s.head()) as string
    for (const id of ['0', head])
      expect([id, (await s.get('stream', sa, { 'last-event-id': id })).status]).toEqual([id, 200])
    expect(problemOf(await s.get('stream', sa, { 'last-event-id': String(Number(head) + 1) }))).toEqual(
      refused(409, 'position_unknown'),
    )
  })

  it('ends when the token expires', async () => {
    const token = await signToken(
      { sub: 'brief', roles: ['sa'], hours: 3 / 3600 },
      loadDevelopmentKey(s.service.folder),
      Date.now(),
    )
    const reader = await openReader(url, token)
    expect(reader.status).toBe(200)
    await until(() => reader.state.isEnded, 'the end of the token', 10_000)
    expect(await reader.resume()).toBe(401)
  })
})

describe('readers that are cut in the middle', () => {
  it('are told by resuming what the log has, nothing lost and nothing doubled', async () => {
    const people = Array.from(
      { length: 15 },
      (_, index) => [sa, dealer('D001'), rbo('EAST')][index % 3] as Who,
    )
    const from = (await s.head()) as string
    const readers = await Promise.all(people.map((who) => open(who)))
    for (let round = 0; round < kills; round++) {
      const writing = Promise.all([s.register(), s.register({ dealerCode: 'D003' }), s.register()])
      await Promise.all(readers.filter((_, index) => index % 2 === round % 2).map((reader) => reader.cut()))
      await writing
      await Promise.all(
        readers
          .filter(({ state }) => state.isEnded)
          .map(async (reader) => expect(await reader.resume()).toBe(200)),
      )
    }
    const log = (await s.service.deps.store.readAll(from, 100_000)).flatMap((event) =>
      announcedOf(event) === null ? [] : [event.position],
    )
    for (const [index, reader] of readers.entries()) {
      const who = people[index] as Who
      const expected = who === sa ? log : (await feedOf(s.service, who, from)).map(({ position }) => position)
      await until(() => reader.told.length >= expected.length, `${expected.length} items`)
      expect(ids(reader)).toEqual(expected)
    }
    await Promise.all(readers.map((reader) => reader.cut()))
  }, 600_000)
})

describe('a shutdown', () => {
  it('ends the streams first, and takes no longer for them', async () => {
    const other = await startScenario()
    const where = await listening(other.service)
    const readers = await Promise.all(
      [sa, dealer('D001')].map(async (who) => openReader(where, await other.service.tokenOf(who))),
    )
    const silent = openSilent(where, await other.service.tokenOf(sa), '1')
    const began = Date.now()
    await other.service.close()
    expect(Date.now() - began).toBeLessThan(8_000)
    await until(() => readers.every(({ state }) => state.isEnded), 'the ends')
    silent.destroy()
  })
})
