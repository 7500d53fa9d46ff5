/** A service that listens, whose log and stored state are watched. */
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { formOf, samples } from '../attachments/samples.ts'
import { enterNetwork } from '../support/network.ts'
import { type Json, startTestService, type TestService, type Who } from '../support/service.ts'
import { secret, secretPhone } from './values.ts'

export type WatchedService = {
  service: TestService
  port: number
  /** Log lines that should not be: with personal data, or of something that went wrong. */
  badLines: string[]
  lines(): number
  /** Enters the network and a few tickets, again where requests have used them up. */
  enter(): Promise<void>
  /** Moves the business clock on. */
  pass(minutes: number): void
  now(): string
  /** Where the log and the views are: a cheap look after every refusal. */
  places(): Promise<string>
  /** What the views hold of tickets, warnings and master data: a thorough look. */
  contents(): string
  close(): Promise<void>
}

const everything = [{ kind: 'all' as const }]

const contentsOf = ({ deps }: TestService, now: string): string => {
  const { master, tickets, warnings } = deps.views
  const page = { scope: everything, limit: 200, after: null }
  const status = ['open' as const, 'acknowledged' as const, 'resolved' as const]
  return JSON.stringify([
    master.dealers({ limit: 1_000 }),
    master.rbos(),
    master.policy(now),
    master.calendar('CN'),
    master.calendar('CN-XJ'),
    tickets.page({ ...page, filters: {}, sort: '-registeredAt', now }),
    warnings.page({ ...page, status }),
  ])
}

/** Tickets of several units and states, so that there is something to ask about from the first request on. */
const enterTickets = async ({ call }: TestService): Promise<void> => {
  const post = (who: Who, path: string, body: object) => call(who, 'POST', `/v1/${path}`, { body })
  for (const index of Array.from({ length: 12 }, (_, each) => each)) {
    const isMedia = index % 4 === 3
    const dealer = `D00${(index % 4) + 1}`
    const complaint = {
      channel: 'phone',
      ...(isMedia ? { category: 'B4', source: 'media' } : { category: 'A4a', dealerCode: dealer }),
      customer: { name: `${secret}${index}`, phone: `${secretPhone}${10 + index}` },
      content: `${secret} content`,
      flags: index % 3 === 0 ? ['agitated'] : [],
    }
    const agent: Who = { roles: ['csr', 'csr_media'], sub: 'csr' }
    const { body } = await post(agent, 'complaints', complaint)
    if (isMedia || index < 4) continue
    const holder: Who = { roles: ['dealer'], dealer, sub: `people of ${dealer}` }
    await post(holder, `tickets/${body.ticketNo}/responses`, { method: 'phone', reached: true, note: secret })
    const letter = { kind: 'customer', addressee: secret, subject: secret, body: secret }
    await post(holder, `tickets/${body.ticketNo}/letters`, letter)
    if (index >= 8) continue
    await post(holder, `tickets/${body.ticketNo}/close`, { result: secret, measures: secret })
    // links between tickets are seldom made by chance
    if (index < 6) await post(agent, 'complaints', complaint)
  }
}

/** The acts on a sheet of customer voice, in their order. */
const sheetActs = (dealer: Who, hq: Who, sheet: Json): [Who, string, object][] => {
  const [{ itemId }] = sheet.items
  const plan = { itemId, measure: secret, person: secret, endsOn: sheet.sentAt.slice(0, 10) }
  return [
    [dealer, 'meeting', { heldAt: sheet.sentAt, attendees: [secret], plans: [plan] }],
    [dealer, 'return', { signedBy: secret }],
    [hq, 'audit', { decision: 'accepted' }],
    [dealer, 'report', { results: secret }],
  ]
}

/** The month before. */
const monthBefore = (now: string): string => {
  const [year, month] = now.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, month - 2)).toISOString().slice(0, 7)
}

/**
 * What chance seldom makes: for each dealer a car handed over whose buyer is dissatisfied, a contact asked for, an
 * inquiry, and the sheet of the month before, each dealer's in another state.
 */
const enterDesks = async ({ call }: TestService, now: string): Promise<void> => {
  const post = async (who: Who, path: string, body: Json): Promise<Json> =>
    (await call(who, 'POST', `/v1/${path}`, { body })).body
  const hq: Who = { roles: ['hq_sales'], sub: 'hq' }
  const admin: Who = { roles: ['admin'], sub: 'admin' }
  const month = monthBefore(now)
  for (const [nth, code] of ['D001', 'D002', 'D003', 'D004'].entries()) {
    const dealer: Who = { roles: ['dealer'], dealer: code, sub: `people of ${code}` }
    const person = { name: secret, phone: `${secretPhone}09` }
    const { handoverId } = await post(admin, 'handovers', {
      dealerCode: code,
      handedOverAt: '2026-02-28T02:00:00Z',
      customer: person,
      externalNo: `h-${code}`,
      vin: `LSVAA4187E200000${nth}`,
    })
    const called = { result: 'reached', outcome: 'dissatisfied', service: secret }
    await post(dealer, `care/tasks/${handoverId}.delivery_24h/attempts`, called)
    const contact = { name: secret, mobile: person.phone, duty: 'manager' }
    await post(dealer, `dealers/${code}/sms-contacts`, { action: 'add', ...contact })
    const inquiry = { channel: 'phone', topic: 'price', question: secret, dealerCode: code }
    await post({ roles: ['csr'], sub: 'csr' }, 'inquiries', { ...inquiry, customer: person })
    const item = { dealerCode: code, survey: 'SSI', indicator: 'delivery', score: 3, text: secret }
    for (const each of [month, now.slice(0, 7)])
      await post(hq, 'voice/items', { ...item, month: each, externalNo: `v-${code}-${each}` })
    const sheet = await post(hq, 'voice/sheets', { dealerCode: code, month })
    if (sheet.sheetId === undefined) continue
    const path = `/v1/voice/sheets/${sheet.sheetId}/attachments`
    await call(dealer, 'POST', path, formOf(samples['application/pdf']))
    for (const [who, act, body] of sheetActs(dealer, hq, sheet).slice(0, nth + 1))
      await post(who, `voice/sheets/${sheet.sheetId}/${act}`, body)
  }
}

/** Starts the service with a small network and a few tickets on a free port of the loopback. */
export const startWatched = async (): Promise<WatchedService> => {
  const badLines: string[] = []
  let lines = 0
  const write = (line: string): void => {
    lines += 1
    const isFault = JSON.parse(line).level >= 40
    if (isFault || line.includes(secret) || line.includes(secretPhone)) badLines.push(line.slice(0, 2_000))
  }
  const log = pino({ level: 'debug' }, { write })
  const service = await startTestService({ now: '2026-03-02T02:00:00.000Z', log })
  let clock = Date.parse(service.deps.now())
  const now = (): string => new Date(clock).toISOString()
  const enter = async (): Promise<void> => {
    await enterNetwork(service)
    await enterTickets(service)
    await enterDesks(service, now())
  }
  await enter()
  await service.app.listen({ host: '127.0.0.1', port: 0 })
  return {
    service,
    port: (service.app.server.address() as AddressInfo).port,
    badLines,
    lines: () => lines,
    enter,
    pass: (minutes) => {
      clock += minutes * 60_000
      service.setClock(now())
    },
    now,
    places: async () =>
      JSON.stringify([
        await service.deps.store.head(),
        service.deps.views.status().map(({ name, position, state }) => [name, position, state]),
      ]),
    contents: () => contentsOf(service, now()),
    close: () => service.close(),
  }
}
