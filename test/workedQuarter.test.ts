import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { describeOnRealServer, onItsOwn, type RealServer, realServer } from './support/eventStoreDb.ts'
import { type Json, startTestService, type TestService, type Who } from './support/service.ts'

const fixture = (name: string): string =>
  readFileSync(new URL(`./fixtures/quarter/${name}`, import.meta.url), 'utf8')

const master = JSON.parse(fixture('master.json'))
const expected = JSON.parse(fixture('expected.json'))
const admin: Who = { roles: ['admin'] }
const sa: Who = { roles: ['sa'] }

/** What the expectations say of a ticket, out of the contract's ticket. Links are by legacy number there. */
const asExpected = (ticket: Json, legacyNo: (ticketNo: string | null) => string | null) => ({
  state: ticket.state,
  category: ticket.category,
  level: ticket.level,
  ordinal: ticket.ordinal,
  calls: ticket.calls,
  holder: ticket.holder,
  dealer: ticket.dealer,
  responsibleDealer: ticket.responsibleDealer,
  dispatchedAt: ticket.dispatchedAt,
  respondedAt: ticket.respondedAt,
  closedAt: ticket.closedAt,
  responseDueAt: ticket.responseDueAt,
  closeDueAt: ticket.closeDueAt,
  escalatedFrom: legacyNo(ticket.escalatedFrom),
  escalatedTo: legacyNo(ticket.escalatedTo),
  relatedTo: legacyNo(ticket.relatedTo),
  warnings: ticket.warnings.map((warning: Json) => [
    warning.code,
    warning.sentTo.tier,
    warning.acknowledgedAt !== null,
    warning.resolvedAt !== null,
  ]),
})

const workedQuarter = (start: () => Promise<TestService>): void => {
  let service: TestService
  let tickets: Json[]

  beforeAll(async () => {
    service = await start()
    for (const [code, body] of Object.entries(master.rbos))
      expect((await service.call(admin, 'PUT', `/v1/rbos/${code}`, { body })).status).toBe(201)
    for (const [code, body] of Object.entries(master.dealers))
      expect((await service.call(admin, 'PUT', `/v1/dealers/${code}`, { body })).status).toBe(201)
    for (const [quarter, counts] of Object.entries<Record<string, number>>(master.deliveries))
      for (const [code, count] of Object.entries(counts))
        await service.call(admin, 'PUT', `/v1/dealers/${code}/deliveries/${quarter}`, { body: { count } })
  })
  afterAll(() => service.close())

  const importHistory = () =>
    service.call(admin, 'POST', '/v1/imports', {
      body: fixture('history.ndjson'),
      headers: { 'content-type': 'application/x-ndjson' },
    })

  test('every line of its history is legal', async () => {
    const { body } = await importHistory()
    expect(body.rejected).toEqual([])
    expect(body).toEqual({ lines: 376, applied: 376, unchanged: 0, rejectedCount: 0, rejected: [] })
    tickets = (await service.call(sa, 'GET', '/v1/tickets?limit=200&sort=-registeredAt')).body.items
  })

  test('importing it again changes nothing', async () => {
    const { body } = await importHistory()
    expect(body).toEqual({ lines: 376, applied: 0, unchanged: 376, rejectedCount: 0, rejected: [] })
  })

  test('every registration comes to its outcome', async () => {
    const outcomes: Record<string, string> = {}
    for (const externalNo of Object.keys(expected.outcomes)) {
      const ticket = (await service.call(sa, 'GET', `/v1/tickets?externalNo=${externalNo}`)).body.items[0]
      const own = ticket.externalNo === externalNo
      const { items } = (await service.call(sa, 'GET', `/v1/tickets/${ticket.ticketNo}/timeline`)).body
      const registered = items.find((event: Json) => event.type === 'TicketRegistered').data
      outcomes[externalNo] = !own
        ? 'contact_logged'
        : registered.escalatedFrom === null
          ? 'registered'
          : 'escalated'
    }
    expect(outcomes).toEqual(expected.outcomes)
  })

  test('every ticket stands as it must at the end', () => {
    const byNo = new Map(tickets.map((ticket) => [ticket.ticketNo, ticket.externalNo]))
    const legacyNo = (ticketNo: string | null): string | null =>
      ticketNo === null ? null : (byNo.get(ticketNo) ?? ticketNo)
    const found = Object.fromEntries(
      tickets.map((ticket) => [ticket.externalNo, asExpected(ticket, legacyNo)]),
    )
    expect(found).toEqual(expected.tickets)
  })

  test.each<Json>(expected.kpi)(
    'the rates $quarter by $by of $tier as of $asOf',
    async ({ quarter, by, tier, asOf, rows }) => {
      const at = encodeURIComponent(asOf)
      const { body } = await service.call(
        sa,
        'GET',
        `/v1/reports/kpi?quarter=${quarter}&by=${by}&tier=${tier}&asOf=${at}`,
      )
      const found = Object.fromEntries(
        body.rows.map(({ key, name: _name, tickets: _tickets, ...row }: Json) => [key, row]),
      )
      expect(found).toEqual(rows)
    },
  )

  test('the live assessment long after the end', async () => {
    const { quarter, rbos } = expected.assessment
    const { body } = await service.call(sa, 'GET', `/v1/assessments/${quarter}`)
    const found = Object.fromEntries(
      body.rbos.map(({ rbo, dealers }: Json) => [
        rbo,
        dealers
          .map(({ dealer, total, score, rank, outcome, amount }: Json) => ({
            dealer,
            total,
            score,
            rank,
            outcome,
            amount,
          }))
          .sort((a: Json, b: Json) => (a.dealer < b.dealer ? -1 : 1)),
      ]),
    )
    expect(found).toEqual(rbos)
  })
}

describe('the worked quarter', () => workedQuarter(() => startTestService()))

describeOnRealServer('the worked quarter on a real EventStoreDB', () => {
  let server: RealServer
  beforeAll(async () => {
    server = await realServer()
  }, 180_000)
  afterAll(() => server.stop())

  workedQuarter(() => startTestService({ eventStore: onItsOwn(server.address) }))
})
