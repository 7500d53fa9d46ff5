import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Webhook } from 'standardwebhooks'
import { toEpoch, toInstant } from '../../domain/instant.ts'
import { at, dealer, type Scenario, start } from '../support/scenario.ts'
import type { Json } from '../support/service.ts'
import { type Behaviour, behaviours } from './receiver.ts'
import { came, endAll, hooksOf, receiver, startSending } from './support.ts'

afterEach(endAll)

let s: Scenario
let hooks: ReturnType<typeof hooksOf>
let now: number
beforeEach(async () => {
  s = await startSending()
  hooks = hooksOf(s)
  now = toEpoch(at(start))
})

/** Moves the clock on and lets everything be sent that is due. */
const wait = async (seconds: number): Promise<void> => {
  now += seconds * 1_000
  s.service.setClock(toInstant(now))
  await hooks.look()
}
const hour = 3_600

const eventsOnly = { events: ['ticket.registered', 'ticket.responded'] }

/** Answers badly for these tickets until told otherwise. */
const failingFor =
  (tickets: Set<string>): Behaviour =>
  (one, response) =>
    (tickets.has(String(one.body.data.ticketNo)) ? behaviours.broken : behaviours.ok)(one, response)

describe('a webhook', () => {
  test('gets the events recorded after it was registered, signed, numbered, in order', async () => {
    const to = await receiver()
    const before = await s.register()
    const { id, secret } = await hooks.create(to.url, eventsOnly)
    await s.respond(before)
    const ticketNo = await s.register()
    await hooks.look()
    expect(came(to)).toEqual([`1 ticket.responded ${before}`, `2 ticket.registered ${ticketNo}`])
    const [{ headers, text, body }] = to.received as [Json]
    new Webhook(secret).verify(text, headers)
    expect(body.timestamp).toBe(at(start))
    expect(await hooks.deliveries(id, '?status=delivered')).toMatchObject([
      { sequence: 2, type: 'ticket.registered', ticketNo, httpStatus: 200, attempts: 1, answer: 'thank you' },
      { sequence: 1, type: 'ticket.responded', webhookId: headers['webhook-id'] },
    ])
  })

  test('is sent what it gets without anything of a customer being opened', async () => {
    const to = await receiver()
    const { id } = await hooks.create(to.url, { events: ['*'], includeContacts: true })
    const { subjectId } = s.service.deps.views.webhooks.find(id) as Json
    await s.register({ flags: ['agitated'] })
    const { sealing } = s.service.deps
    const { open } = sealing
    const opened = new Set<string>()
    sealing.open = (sealed, once) => {
      opened.add(sealing.subjectOf(sealed))
      return open(sealed, once)
    }
    await hooks.look()
    expect(came(to).map((each) => each.split(' ')[1])).toEqual([
      'ticket.registered',
      'ticket.dispatched',
      'warning.raised',
    ])
    expect([...opened]).toEqual([subjectId])
  })

  test('gets an event of a ticket only after the one before; other tickets go on', async () => {
    const failing = new Set<string>()
    const to = await receiver(failingFor(failing))
    const { id } = await hooks.create(to.url, eventsOnly)
    const [slow, other] = [await s.register(), await s.register()]
    failing.add(slow)
    await s.respond(slow)
    await s.respond(other)
    await hooks.look()
    expect(came(to).filter((each) => each.endsWith(other))).toEqual([
      `2 ticket.registered ${other}`,
      `4 ticket.responded ${other}`,
    ])
    expect(came(to).filter((each) => each.endsWith(slow))).toEqual([`1 ticket.registered ${slow}`])
    failing.clear()
    await wait(6)
    expect(came(to).slice(-2)).toEqual([`1 ticket.registered ${slow}`, `3 ticket.responded ${slow}`])
    expect((await hooks.get(id)).deliveries).toMatchObject({ pending: 0, sequence: 4 })
  })

  test('is tried again by the schedule, parked after three days where others get through, and goes on', async () => {
    const failing = new Set<string>()
    const to = await receiver(failingFor(failing))
    const { id } = await hooks.create(to.url, eventsOnly)
    const bad = await s.register()
    failing.add(bad)
    await s.respond(bad)
    await hooks.look()
    const triesOf = () => came(to).filter((each) => each === `1 ticket.registered ${bad}`).length
    let tries = 1
    for (const pause of [5, 30, 120, 600, hour, 3 * hour, 6 * hour]) {
      await wait(pause * 0.99)
      expect(triesOf()).toBe(tries)
      await wait(pause * 0.12)
      tries += 1
      expect(triesOf()).toBe(tries)
    }
    for (let n = 0; n < 6; n++) {
      await s.register()
      await wait(13 * hour)
    }
    expect(came(to).at(-1)).not.toContain('responded')
    const [parked] = await hooks.deliveries(id, '?status=parked')
    expect(parked).toMatchObject({ sequence: 1, ticketNo: bad, httpStatus: 500, nextAttemptAt: null })
    expect(came(to)).toContain(`2 ticket.responded ${bad}`)
    failing.clear()
    expect((await hooks.act(id, `deliveries/${parked.id}/retry`)).id).toBe(id)
    await hooks.look()
    expect(came(to).at(-1)).toBe(`1 ticket.registered ${bad}`)
    expect(await hooks.deliveries(id, '?status=parked')).toEqual([])
  })

  test('is tried again by the schedule also where the clock is set back meanwhile', async () => {
    const to = await receiver(behaviours.broken)
    await hooks.create(to.url, eventsOnly)
    await s.register()
    await hooks.look()
    await wait(-48 * hour)
    expect(to.received).toHaveLength(2)
    await wait(4)
    expect(to.received).toHaveLength(2)
    await wait(30)
    expect(to.received).toHaveLength(3)
    to.behave(behaviours.ok)
    await wait(150)
    expect(to.received).toHaveLength(4)
  })

  test('waits as long as Retry-After of a 429 says', async () => {
    const to = await receiver(behaviours.tooMany(600))
    await hooks.create(to.url, eventsOnly)
    await s.register()
    await hooks.look()
    await wait(590)
    expect(to.received).toHaveLength(1)
    to.behave(behaviours.ok)
    await wait(70)
    expect(to.received).toHaveLength(2)
  })

  test('loses nothing where its receiver is away for two days', async () => {
    const to = await receiver(behaviours.nothing)
    const { id } = await hooks.create(to.url, eventsOnly)
    const tickets: string[] = []
    for (let n = 0; n < 4; n++) {
      tickets.push(await s.register())
      await wait(12 * hour)
    }
    const before = to.received.length
    to.behave(behaviours.ok)
    await wait(13.5 * hour)
    const delivered = came(to).slice(before)
    expect(new Set(delivered)).toEqual(new Set(tickets.map((no, n) => `${n + 1} ticket.registered ${no}`)))
    expect((await hooks.get(id)).deliveries).toMatchObject({ pending: 0, failingSince: null })
  })

  test('that fails for three days is paused, which /readyz says; resumed, it sends what is pending', async () => {
    const to = await receiver(behaviours.hangs)
    to.behave(behaviours.broken)
    const { id } = await hooks.create(to.url, eventsOnly)
    const ticketNo = await s.register()
    for (let n = 0; n < 7; n++) await wait(13 * hour)
    expect(await hooks.get(id)).toMatchObject({ state: 'paused', pausedBecause: 'failing' })
    const ready = await s.service.call(null, 'GET', '/readyz')
    expect(ready.body).toMatchObject({ status: 'degraded', reasons: [{ name: 'webhooks' }] })
    const tries = to.received.length
    const later = await s.register()
    await wait(48 * hour)
    expect(to.received).toHaveLength(tries)
    to.behave(behaviours.ok)
    await hooks.act(id, 'resume')
    await hooks.look()
    expect(came(to).slice(tries).sort()).toEqual([
      `1 ticket.registered ${ticketNo}`,
      `2 ticket.registered ${later}`,
    ])
    expect((await s.service.call(null, 'GET', '/readyz')).body.status).toBe('ready')
  })

  test('answered with 410 is paused at once, and what it refused is pending', async () => {
    const to = await receiver(behaviours.gone)
    const { id } = await hooks.create(to.url, eventsOnly)
    await s.register()
    await hooks.look()
    await wait(hour)
    expect(to.received).toHaveLength(1)
    expect(await hooks.get(id)).toMatchObject({ pausedBecause: 'gone', deliveries: { pending: 1 } })
  })

  test('that is slow holds up no other', async () => {
    const [slow, quick] = [await receiver(behaviours.hangs), await receiver()]
    await hooks.create(slow.url, eventsOnly)
    await hooks.create(quick.url, eventsOnly)
    const ticketNo = await s.register()
    s.service.webhooks.start()
    for (let left = 400; left > 0 && quick.received.length === 0; left--)
      await new Promise((resolve) => setTimeout(resolve, 10))
    expect(came(quick)).toEqual([`1 ticket.registered ${ticketNo}`])
    expect(came(slow)).toEqual([`1 ticket.registered ${ticketNo}`])
  })

  test('that is paused keeps everything for later', async () => {
    const to = await receiver()
    const { id } = await hooks.create(to.url, eventsOnly)
    await hooks.look()
    await hooks.act(id, 'pause')
    const ticketNo = await s.register()
    await hooks.look()
    expect(to.received).toEqual([])
    await hooks.act(id, 'resume')
    await hooks.look()
    expect(came(to)).toEqual([`1 ticket.registered ${ticketNo}`])
  })

  test('is sent a test once, also while it is paused', async () => {
    const to = await receiver(behaviours.broken)
    const { id } = await hooks.create(to.url, eventsOnly)
    await hooks.act(id, 'pause')
    await hooks.act(id, 'test')
    await hooks.look()
    await wait(hour)
    expect(came(to)).toEqual(['1 webhook.test'])
    expect(await hooks.deliveries(id)).toMatchObject([
      { type: 'webhook.test', status: 'parked', httpStatus: 500, ticketNo: null },
    ])
    expect((await hooks.get(id)).deliveries.failingSince).toBeNull()
  })

  test('is signed with both secrets for 24 hours after a rotation', async () => {
    const to = await receiver()
    const { id, secret } = await hooks.create(to.url, eventsOnly)
    const { secret: next } = await hooks.act(id, 'rotate-secret')
    expect(next).not.toBe(secret)
    const signatures = async (): Promise<number> => {
      await s.register()
      await hooks.look()
      return String(to.received.at(-1)?.headers['webhook-signature']).split(' ').length
    }
    expect(await signatures()).toBe(2)
    await wait(24 * hour)
    expect(await signatures()).toBe(1)
  })

  test('gets everything again from an instant or a position, with the same ids and further numbers', async () => {
    const to = await receiver()
    const { id } = await hooks.create(to.url, eventsOnly)
    const first = await s.register()
    const position = await s.head()
    await wait(hour)
    const second = await s.register()
    await hooks.look()
    await hooks.act(id, 'replay', { since: toInstant(now) })
    await hooks.look()
    expect(came(to).slice(2)).toEqual([`3 ticket.registered ${second}`])
    await hooks.act(id, 'replay', { after: position })
    await hooks.look()
    expect(came(to).slice(3)).toEqual([`4 ticket.registered ${second}`])
    await hooks.act(id, 'replay', { since: '2026-03-01' })
    await hooks.look()
    expect(came(to).slice(4)).toEqual([`5 ticket.registered ${first}`, `6 ticket.registered ${second}`])
    const ids = to.received.map(({ headers }) => headers['webhook-id'])
    expect(ids[4]).toBe(ids[0])
    expect(new Set(ids).size).toBe(2)
  })

  test('that is changed gets what it wants now, at its new address', async () => {
    const [old, next] = [await receiver(behaviours.broken), await receiver()]
    const { id } = await hooks.create(old.url, eventsOnly)
    const ticketNo = await s.register()
    await hooks.look()
    await hooks.ask('PUT', `/${id}`, { url: next.url, events: ['ticket.responded'] })
    await hooks.look()
    await s.register()
    await s.respond(ticketNo, dealer())
    await wait(6)
    expect(came(next)).toEqual([`1 ticket.registered ${ticketNo}`, `2 ticket.responded ${ticketNo}`])
  })

  test('that is deleted gets nothing more, and its secrets cannot be opened', async () => {
    const to = await receiver(behaviours.broken)
    const { id } = await hooks.create(to.url, eventsOnly)
    await s.register()
    await hooks.look()
    const { secret } = s.service.deps.views.webhooks.find(id) as Json
    expect((await hooks.ask('DELETE', `/${id}`)).status).toBe(204)
    await s.register()
    await wait(hour)
    expect(to.received).toHaveLength(1)
    expect(s.service.deps.sealing.open(secret)).toBeNull()
  })
})
