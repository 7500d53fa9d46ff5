import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { dueClocks } from '../../../domain/dues.ts'
import { allProjections } from '../../../projections/allProjections.ts'
import type { Views } from '../../../projections/views.ts'
import { readViews } from '../../../src/verify/viewsContent.ts'
import { at, dealer, type Scenario, sa, seMedia, start, startScenario } from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'

let s: Scenario
beforeEach(async () => {
  s = await startScenario()
  await s.service.lookForDues()
})
afterEach(() => s.service.close())

const look = async (wallClock: string): Promise<void> => {
  s.go(wallClock)
  await s.service.lookForDues()
}

const timeline = async (ticketNo: string, language = 'en', query = ''): Promise<Json[]> =>
  (await s.get(`tickets/${ticketNo}/timeline${query}`, sa, { 'accept-language': language })).body.items

const facts = async (ticketNo: string, language: string): Promise<string[]> =>
  (await timeline(ticketNo, language))
    .filter(({ type }) => type === 'DuePassed' || type === 'DueNear')
    .map(({ text }) => text)
    .sort()

/** What another connection sees of the views. */
const committedViews = () => {
  const { views } = s.service.deps as unknown as { views: Pick<Views, 'commit'> }
  views.commit()
  return readViews(join(s.service.folder, 'views.db'))
}

/** A ticket all of whose clocks but the callback's run out, and one that nobody calls back. */
const everyClock = async (): Promise<[string, string]> => {
  const { ticketNo } = await s.take({ category: 'A4a', flags: ['agitated'] })
  const b = await s.registerB()
  await s.does(b, 'responsible-dealer', { dealerCode: 'D001' }, seMedia)
  for (const hour of ['11:40', '12:01']) await look(`2026-03-02 ${hour}`)
  await s.respond(ticketNo)
  await s.close(ticketNo)
  for (const day of ['06', '11', '12', '31']) await look(`2026-03-${day} 09:30`)
  return [ticketNo, b]
}

describe('the facts about a ticket’s dues are in its timeline', () => {
  it('in words of both languages, every clock', async () => {
    const [a, b] = await everyClock()
    const all = async (language: string) => [...(await facts(a, language)), ...(await facts(b, language))]
    const [english, chinese] = [await all('en'), await all('zh')]
    expect(english).toEqual([
      'Due soon: response (D001), by 2026-03-02 12:00',
      'Overdue: acknowledgement of a warning (EAST), due 2026-03-02 12:00',
      'Overdue: callback, due 2026-03-10 00:00',
      'Overdue: notice to the consumer, due 2026-03-12 00:00',
      'Overdue: response (D001), due 2026-03-02 12:00',
      'Due soon: closing (SE_MEDIA), by 2026-03-12 00:00',
      'Due soon: closing for the responsible dealer (D001), by 2026-03-12 00:00',
      'Due soon: response (SE_MEDIA), by 2026-03-02 12:00',
      'Due soon: response of the responsible dealer (D001), by 2026-03-02 12:00',
      'Overdue: answer to the medium (SE_MEDIA), due 2026-03-12 00:00',
      'Overdue: closing (SE_MEDIA), due 2026-03-12 00:00',
      'Overdue: closing for the responsible dealer (D001), due 2026-03-12 00:00',
      'Overdue: notice to the consumer, due 2026-03-12 00:00',
      'Overdue: response (SE_MEDIA), due 2026-03-02 12:00',
      'Overdue: response of the responsible dealer (D001), due 2026-03-02 12:00',
    ])
    expect(chinese).toContain('即将到期：响应（D001），期限 2026-03-02 12:00')
    expect(chinese).toContain('已逾期：回访，期限 2026-03-10 00:00')
    const ofTickets = Object.entries(dueClocks).filter(([clock]) => !/^(inquiry|care|voice)_/.test(clock))
    for (const [, { zh }] of ofTickets)
      expect(chinese.some((text) => text.includes(`：${zh}（`) || text.includes(`：${zh}，`))).toBe(true)
  })

  it('as data, between the events, without a version', async () => {
    const ticketNo = await s.register()
    await look('2026-03-02 12:30')
    await s.respond(ticketNo)
    const items = await timeline(ticketNo)
    expect(items.map(({ type, version }) => [type, version])).toEqual([
      ['TicketRegistered', 1],
      ['TicketDispatched', 2],
      ['DuePassed', null],
      ['ResponseRecorded', 3],
    ])
    expect(items[2]).toEqual({
      eventId: expect.stringMatching(/^[\da-f-]{36}$/),
      version: null,
      position: expect.any(String),
      at: at('2026-03-02 12:30'),
      occurredAt: null,
      type: 'DuePassed',
      actor: { id: 'system', role: 'system' },
      imported: null,
      text: 'Overdue: response (D001), due 2026-03-02 12:00',
      data: {
        ticketNo,
        subject: ticketNo,
        clock: 'response',
        startedAt: at(start),
        dueAt: at('2026-03-02 12:00'),
        unit: 'D001',
      },
    })
    const { store } = s.service.deps
    const stored = (await store.readAll(null, 10_000)).find(({ type }) => type === 'DuePassed')
    expect([items[2].eventId, items[2].position]).toEqual([stored?.id, stored?.position])
  })

  it('as known at an instant', async () => {
    const ticketNo = await s.register()
    await look('2026-03-02 12:30')
    await look('2026-03-06 09:00')
    const types = async (then: string) =>
      (await timeline(ticketNo, 'en', `?asOf=${at(then)}`)).map(({ type }) => type).slice(2)
    expect(await types('2026-03-02 12:29')).toEqual([])
    expect(await types('2026-03-02 12:30')).toEqual(['DuePassed'])
  })

  it('and in nobody else’s', async () => {
    const ticketNo = await s.register()
    const other = await s.register({ dealerCode: 'D003' })
    await look('2026-03-02 12:30')
    expect((await timeline(other)).filter(({ data }) => data.ticketNo === ticketNo)).toEqual([])
    expect((await s.get(`tickets/${ticketNo}/timeline`, dealer('D003'))).status).toBe(404)
  })
})

describe('facts change nothing else', () => {
  it('no row of a view that commands read, no ticket, no clock, no report', async () => {
    const [ticketNo, other] = [await s.register(), await s.registerB()]
    s.go('2026-03-12 12:30')
    const asked = '2026-03-12 12:30'
    const seen = async (): Promise<string[]> => {
      const paths = [
        `tickets/${ticketNo}`,
        `tickets/${ticketNo}/sla`,
        `tickets/${other}`,
        'tickets',
        'warnings',
      ]
      paths.push(`reports/kpi?quarter=2026Q1&asOf=${at(asked)}`, 'callbacks?status=due', 'policy')
      return Promise.all(paths.map(async (path) => (await s.get(path)).text))
    }
    const views = (): [string, string | undefined][] => {
      const { tables } = committedViews()
      return Object.values(allProjections)
        .filter(({ readByCommands }) => readByCommands)
        .flatMap(({ tables: own }) => Object.keys(own))
        .map((name): [string, string | undefined] => [name, tables.get(name)])
    }
    const before = [await seen(), views()]
    await s.service.lookForDues()
    const recorded = (await timeline(ticketNo)).filter(({ type }) => type === 'DuePassed')
    expect(recorded.length).toBeGreaterThan(1)
    expect([await seen(), views()]).toEqual(before)
  })
})
