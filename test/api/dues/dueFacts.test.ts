import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { DueData } from '../../../domain/dues.ts'
import type { StoredEvent } from '../../../domain/eventStore.ts'
import { admin, at, csr, type Scenario, sa, seMedia, start, startScenario } from '../../support/scenario.ts'
import { startTestService } from '../../support/service.ts'

let s: Scenario
beforeEach(async () => {
  s = await startScenario()
  await s.service.lookForDues()
})
afterEach(() => s.service.close())

/** All that was recorded, oldest first. */
const facts = async (): Promise<StoredEvent[]> =>
  (await s.service.deps.store.readAll(null, 10_000)).filter(
    ({ type }) => type === 'DuePassed' || type === 'DueNear',
  )

/** The facts the next look records, as `type clock subject`. */
const looked = async (wallClock: string): Promise<string[]> => {
  const before = (await facts()).length
  s.go(wallClock)
  await s.service.lookForDues()
  return (await facts())
    .slice(before)
    .map(({ type, data }) => {
      const { clock, subject } = data as { clock: string; subject: string }
      return `${type} ${clock} ${subject}`
    })
    .sort()
}

describe('a due that passes becomes a fact', () => {
  it('of the response, after its grace and once', async () => {
    const ticketNo = await s.register()
    expect(await looked('2026-03-02 12:00:00.999')).toEqual([])
    expect(await looked('2026-03-02 12:00:01')).toEqual([`DuePassed response ${ticketNo}`])
    expect(await looked('2026-03-02 12:00:02')).toEqual([])
    expect(await looked('2026-03-02 13:00')).toEqual([])
  })

  it('names the ticket, the clock, the unit and the due', async () => {
    const ticketNo = await s.register()
    await looked('2026-03-02 12:30')
    expect((await facts()).map(({ data }) => data)).toEqual([
      {
        ticketNo,
        subject: ticketNo,
        clock: 'response',
        startedAt: at(start),
        dueAt: at('2026-03-02 12:00'),
        unit: 'D001',
      },
    ])
  })

  it('not where it was done in time', async () => {
    const ticketNo = await s.register()
    s.go('2026-03-02 12:00')
    await s.respond(ticketNo)
    expect(await looked('2026-03-02 13:00')).toEqual([])
  })

  it('of every assignment', async () => {
    const ticketNo = await s.register()
    await looked('2026-03-02 13:00')
    await s.does(ticketNo, 'redispatch', { dealerCode: 'D002', reason: '改派', misrouted: false }, csr)
    expect(await looked('2026-03-02 15:30')).toEqual([`DuePassed response ${ticketNo}`])
  })

  it('of closing, for the holder and for the responsible dealer', async () => {
    const ticketNo = await s.registerB()
    await s.does(ticketNo, 'responsible-dealer', { dealerCode: 'D001' }, seMedia)
    await looked('2026-03-10 10:00')
    expect(await looked('2026-03-12 10:00')).toEqual([
      `DuePassed close ${ticketNo}`,
      `DuePassed consumer_notice ${ticketNo}`,
      `DuePassed media_feedback ${ticketNo}`,
      `DuePassed responsible_close ${ticketNo}`,
    ])
  })

  it('of a callback, unless the customer was reached or given up', async () => {
    const numbers = [await s.register(), await s.register(), await s.register()]
    const [none, reached, givenUp] = numbers as [string, string, string]
    for (const ticketNo of numbers) {
      await s.does(ticketNo, 'records', { kind: 'consumer_informed', note: '已告知' }, csr)
      await s.respond(ticketNo)
      await s.close(ticketNo)
    }
    await s.does(reached, 'callbacks', { outcome: 'satisfied' }, csr)
    for (const hour of ['11', '13', '15']) {
      s.go(`2026-03-03 ${hour}:00`)
      await s.does(givenUp, 'callbacks', { outcome: 'unreachable' }, csr)
    }
    expect(await looked('2026-03-20 10:00')).toEqual([`DuePassed callback ${none}`])
  })

  it('of the acknowledgement of a warning', async () => {
    const { ticketNo } = await s.take({ flags: ['agitated'] })
    const [{ warningId }] = (await s.ticket(ticketNo)).warnings
    expect(await looked('2026-03-02 12:30')).toEqual([
      `DuePassed acknowledge ${warningId}`,
      `DuePassed response ${ticketNo}`,
    ])
  })

  it('of nothing that was rescinded', async () => {
    const { ticketNo } = await s.take({ flags: ['agitated'] })
    await s.does(ticketNo, 'rescind', { reason: '误登记' }, sa)
    expect(await looked('2026-04-01 10:00')).toEqual([])
  })

  it('again where it was recalculated to another instant, though that has passed', async () => {
    const ticketNo = await s.register()
    await looked('2026-03-02 14:00')
    const { headers, body } = await s.get('policy', admin)
    const { policyVersion: _, effectiveFrom: __, version: ___, values, ...rest } = body
    const policy = values ?? rest
    s.go('2026-03-02 14:01')
    const put = await s.service.call(admin, 'PUT', '/v1/policy', {
      body: { ...policy, responseMinutes: { ...policy.responseMinutes, dealer: 60 } },
      headers: { 'if-match': String(headers.etag) },
    })
    expect(put.text).toContain('"dealer":60')
    s.go('2026-03-02 14:02')
    await s.does(ticketNo, 'recalculate', { reason: '新政策' }, sa)
    expect(await looked('2026-03-02 14:03:10')).toEqual([`DuePassed response ${ticketNo}`])
    const dues = (await facts()).map(({ data }) => (data as { dueAt: string }).dueAt)
    expect(dues).toEqual([at('2026-03-02 12:00'), at('2026-03-02 11:00')])
  })

  it('moves no ticket: its version stays, and a write with If-Match goes through', async () => {
    const ticketNo = await s.register()
    const before = await s.ticket(ticketNo)
    await looked('2026-03-02 13:00')
    expect((await s.ticket(ticketNo)).version).toBe(before.version)
  })
})

describe('a due that comes near becomes a fact', () => {
  it('of a response, 30 service minutes before', async () => {
    const ticketNo = await s.register()
    expect(await looked('2026-03-02 11:29:59.999')).toEqual([])
    expect(await looked('2026-03-02 11:30')).toEqual([`DueNear response ${ticketNo}`])
    expect(await looked('2026-03-02 11:31')).toEqual([])
  })

  it('by the hours of the unit that holds the ticket', async () => {
    // Friday 17:30: Xinjiang is open until 19:00, the rest until 18:00
    s.go('2026-03-06 17:30')
    const west = await s.register({ dealerCode: 'D004' })
    const east = await s.register({ dealerCode: 'D001' })
    expect(await looked('2026-03-06 19:00')).toEqual([`DueNear response ${west}`])
    expect(await looked('2026-03-09 09:59')).toEqual([])
    expect(await looked('2026-03-09 10:00')).toEqual([`DueNear response ${east}`])
  })

  it('of closing, at the opening of its last working day', async () => {
    const ticketNo = await s.register()
    await s.respond(ticketNo)
    expect(await looked('2026-03-05 08:59:59.999')).toEqual([])
    expect(await looked('2026-03-05 09:00')).toEqual([`DueNear close ${ticketNo}`])
    expect(await looked('2026-03-05 09:01')).toEqual([])
    expect(await looked('2026-03-06 00:00:01')).toEqual([`DuePassed close ${ticketNo}`])
  })

  describe('unless the policy switches it off', () => {
    const setHeadsUp = async (headsUp: { responseMinutes: number | null; closeLastDay: boolean }) => {
      const { version: _, effectiveFrom: __, ...policy } = (await s.get('policy', admin)).body
      const put = await s.service.call(admin, 'PUT', '/v1/policy', { body: { ...policy, headsUp } })
      expect(put.status).toBe(200)
    }

    it('that of a response, while closing keeps its own', async () => {
      await setHeadsUp({ responseMinutes: null, closeLastDay: true })
      const ticketNo = await s.register()
      expect(await looked('2026-03-02 11:45')).toEqual([])
      await s.respond(ticketNo)
      expect(await looked('2026-03-05 09:00')).toEqual([`DueNear close ${ticketNo}`])
    })

    it('that of closing, while a response keeps its own', async () => {
      await setHeadsUp({ responseMinutes: 30, closeLastDay: false })
      const ticketNo = await s.register()
      expect(await looked('2026-03-02 11:30')).toEqual([`DueNear response ${ticketNo}`])
      await s.respond(ticketNo)
      expect(await looked('2026-03-05 09:00')).toEqual([])
      expect(await looked('2026-03-06 00:00:01')).toEqual([`DuePassed close ${ticketNo}`])
    })
  })
})

describe('the clock', () => {
  it('set back records nothing twice', async () => {
    const ticketNo = await s.register()
    await looked('2026-03-02 13:00')
    expect(await looked('2026-03-02 11:59')).toEqual([])
    expect(await looked('2026-03-02 13:00')).toEqual([])
    expect(
      (await facts()).filter(({ data }) => (data as { subject: string }).subject === ticketNo),
    ).toHaveLength(1)
  })

  it('that jumps ahead by more than 5 minutes is not believed until it is back', async () => {
    const ticketNo = await s.register()
    s.service.setMonotonic(Date.parse(at(start)))
    expect(await looked('2027-03-02 13:00')).toEqual([])
    expect(s.service.dues.held()).toContain('jumped ahead')
    s.service.setMonotonic(Date.parse(at('2026-03-02 12:10')))
    expect(await looked('2026-03-02 12:10')).toEqual([`DuePassed response ${ticketNo}`])
    expect(s.service.dues.held()).toBe(null)
  })

  it('set back and forward again is believed, and records nothing twice', async () => {
    const ticketNo = await s.register()
    const monotonic = (wallClock: string): void => s.service.setMonotonic(Date.parse(at(wallClock)))
    monotonic('2026-03-02 10:00')
    expect(await looked('2026-03-02 10:00')).toEqual([])
    monotonic('2026-03-02 11:45')
    expect(await looked('2026-03-02 11:45')).toEqual([`DueNear response ${ticketNo}`])
    // two hours back, though ten minutes have gone by
    monotonic('2026-03-02 11:55')
    expect(await looked('2026-03-02 09:55')).toEqual([])
    expect(s.service.dues.held()).toBe(null)
    // put right: no jump, for that is where the clock would be
    monotonic('2026-03-02 12:05')
    expect(await looked('2026-03-02 12:05')).toEqual([`DuePassed response ${ticketNo}`])
    expect(s.service.dues.held()).toBe(null)
    monotonic('2026-03-02 12:15')
    expect(await looked('2026-03-02 10:15')).toEqual([])
    monotonic('2026-03-02 12:25')
    expect(await looked('2026-03-02 12:25')).toEqual([])
    // beyond that it would be one
    monotonic('2026-03-02 12:35')
    expect(await looked('2026-03-02 12:41')).toEqual([])
    expect(s.service.dues.held()).toContain('jumped ahead')
  })

  it('that slept through a due records it when it wakes', async () => {
    const ticketNo = await s.register()
    expect(await looked('2026-03-05 08:00')).toEqual([`DuePassed response ${ticketNo}`])
  })
})

describe('a restart', () => {
  it('records what passed meanwhile, and nothing twice', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'complaints-'))
    const first = await startScenario({ dataDir })
    await first.service.lookForDues()
    const ticketNo = await first.register()
    first.go('2026-03-02 12:01')
    await first.service.lookForDues()
    await first.service.close()
    // longer than a timer of Node can be set
    for (const wallClock of ['2026-03-02 12:02', '2026-04-20 12:00', '2026-04-20 12:01']) {
      const service = await startTestService({ dataDir, now: at(wallClock) })
      await service.lookForDues()
      await service.lookForDues()
      await service.close()
    }
    const again = await startTestService({ dataDir, now: at('2026-04-20 12:02') })
    const recorded = (await again.deps.store.readAll(null, 10_000)).filter(({ type }) => type === 'DuePassed')
    expect(
      recorded.map(({ data, stream }) => [(data as DueData).clock, (data as DueData).subject, stream]),
    ).toEqual([
      ['response', ticketNo, 'dues-2026-03'],
      ['close', ticketNo, 'dues-2026-03'],
      ['consumer_notice', ticketNo, 'dues-2026-03'],
    ])
    await again.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
})

describe('dues from before', () => {
  it('the first look become no facts', async () => {
    const { service, ...old } = await startScenario()
    const ticketNo = await old.register()
    service.setClock(at('2026-03-02 13:00'))
    await service.lookForDues()
    service.setClock(at('2026-03-06 13:00'))
    await service.lookForDues()
    const recorded = (await service.deps.store.readAll(null, 1_000)).filter(
      ({ type }) => type === 'DuePassed',
    )
    expect(recorded.map(({ data }) => data)).toMatchObject([{ ticketNo, clock: 'close' }])
    await service.close()
  })
})
