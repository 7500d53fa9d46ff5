import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { collectLines } from '../../support/logLines.ts'
import {
  at,
  csr,
  problemOf,
  refused,
  type Scenario,
  scenarioOf,
  startScenario,
  system,
} from '../../support/scenario.ts'
import { startTestService } from '../../support/service.ts'
import { close, ndjson, register, respond, send } from '../imports/importing.ts'

const ahead = '2031-05-01 11:00'
const today = '2026-03-02 11:00'
const customer = { phone: '13870000001' }

describe('a clock that was years ahead, and is right again', () => {
  let s: Scenario
  let dir: string
  let lines = collectLines()
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'complaints-'))
    s = await startScenario({ dataDir: dir })
  })
  afterEach(async () => {
    await s.service.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const restart = async (now: string): Promise<void> => {
    await s.service.close()
    lines = collectLines()
    s = scenarioOf(await startTestService({ now: at(now), dataDir: dir, log: lines.log }))
  }
  const ready = async () => (await s.service.call(null, 'GET', '/readyz')).body
  const stamps = async (ticketNo: string): Promise<string[]> =>
    (await s.service.deps.store.readStream(`ticket-${ticketNo}`)).map(({ metadata }) => metadata.recordedAt)

  it('is said at the start and in /readyz, until the clock has come to the newest event', async () => {
    s.go(ahead)
    await s.register()
    await restart(today)
    expect(lines.text()).toContain(`the newest event of the log was recorded at ${at(ahead)}`)
    expect(await ready()).toMatchObject({
      status: 'degraded',
      reasons: [{ name: 'clock', reason: expect.stringContaining(at(ahead)) }],
    })
    await s.register()
    expect(await ready()).toMatchObject({ status: 'degraded' })
    s.go('2031-05-01 10:56')
    expect(await ready()).toMatchObject({ status: 'ready', reasons: [] })
    // the newest event of the log is of today's clock by now
    await restart(today)
    expect([await ready(), lines.text()]).toEqual([
      expect.objectContaining({ status: 'ready', reasons: [] }),
      expect.not.stringContaining('the newest event'),
    ])
  })

  it('is said where it steps back while the service runs, and not for small steps', async () => {
    await restart('2026-03-02 12:00')
    await s.register()
    s.go('2026-03-02 11:55')
    await s.register()
    expect([(await ready()).status, lines.text()]).toEqual(['ready', expect.not.stringContaining('newest')])
    s.go('2026-03-02 11:54:59.999')
    await s.register()
    expect([(await ready()).status, lines.text()]).toEqual(['degraded', expect.stringContaining('newest')])
  })

  it('stamps every act on a ticket of that time with the clock as it is', async () => {
    s.go(ahead)
    const ticketNo = await s.register({ customer })
    s.go(today)
    expect(await s.take({ customer })).toMatchObject({ outcome: 'contact_logged', ticketNo })
    await s.respond(ticketNo)
    const occurredAt = at('2026-03-02 10:59')
    const contact = { channel: 'phone', content: '催办', occurredAt }
    expect((await s.act(ticketNo, 'contacts', contact, system)).status).toBe(200)
    await s.close(ticketNo)
    const [first, second, ...later] = await stamps(ticketNo)
    expect([first, second]).toEqual([at(ahead), at(ahead)])
    expect(later.length).toBeGreaterThanOrEqual(4)
    expect(new Set(later)).toEqual(new Set([at(today)]))
    // as of an instant that knows a later event, the earlier ones are known too
    const known = await s.get(`tickets/${ticketNo}?asOf=${at(today)}`)
    expect(known.body).toMatchObject({ state: 'completed', calls: (await s.ticket(ticketNo)).calls })
    expect((await s.get(`tickets/${ticketNo}/sla`)).status).toBe(200)
    expect((await s.get(`tickets/${ticketNo}/timeline`)).body.items.length).toBeGreaterThanOrEqual(5)
  })

  it.each([['proposed'], ['named']])(
    'takes a complaint after a closing of that time for a repeat (%s)',
    async (how) => {
      s.go(ahead)
      const ticketNo = await s.register({ customer })
      await s.respond(ticketNo)
      await s.close(ticketNo)
      s.go(today)
      const candidates = await s.post(csr, 'complaints/candidates', { ...customer, category: 'A4a' })
      expect(candidates.body).toMatchObject({ proposal: 'escalate', ticketNo })
      const taken = await s.take(how === 'named' ? { sameProblemAs: ticketNo } : { customer })
      expect(taken).toMatchObject({ outcome: 'escalated', escalatedFrom: ticketNo })
      expect(await s.ticket(taken.ticketNo)).toMatchObject({ receivedAt: at(today), registeredAt: at(today) })
      expect((await stamps(ticketNo)).at(-1)).toBe(at(today))
    },
  )

  it('lets a repeat be linked by hand, and a callback register one', async () => {
    s.go(ahead)
    const [first, second] = [await s.register(), await s.register()]
    for (const ticketNo of [first, second]) {
      await s.respond(ticketNo)
      await s.close(ticketNo)
    }
    s.go(today)
    const later = await s.register()
    expect((await s.act(first, 'repeat-link', { ticketNo: later, reason: '同一问题' }, csr)).status).toBe(200)
    const callback = { outcome: 'dissatisfied', sameProblem: true, note: '仍未解决' }
    const called = await s.act(second, 'callbacks', callback, csr)
    expect([called.status, called.text]).toEqual([200, expect.anything()])
    expect(called.body.repeat).toMatchObject({ outcome: 'escalated' })
    expect((await stamps(second)).at(-1)).toBe(at(today))
  })

  it('takes the lines of an import for a ticket of the import', async () => {
    const first = await send(s, ndjson([register('2026-02-02 10:00', 'old-1', '13870000009')]))
    expect(first.body).toMatchObject({ applied: 1 })
    const [ticketNo] = (await s.numbers('tickets?limit=1')) as [string]
    s.go(ahead)
    await s.call(ticketNo)
    s.go(today)
    const taken = await send(s, ndjson([respond('2026-02-03 10:00', 'old-1')]))
    expect(taken.body).toMatchObject({ applied: 1, rejected: [] })
    await s.call(ticketNo)
    const late = await send(s, ndjson([close('2026-02-04 10:00', 'old-1')]))
    expect(late.body.rejected).toEqual([expect.objectContaining({ code: 'out_of_order' })])
  })

  it('marks from when on dues are facts again, where that was marked then', async () => {
    s.go(ahead)
    await s.service.lookForDues()
    await restart(today)
    await s.service.lookForDues()
    const ticketNo = await s.register()
    s.go('2026-03-02 18:00')
    await s.service.lookForDues()
    const facts = await s.service.deps.store.readStream('dues-2026-03')
    expect(facts.map(({ data }) => data)).toContainEqual(
      expect.objectContaining({ subject: ticketNo, clock: 'response' }),
    )
  })

  it('refuses an instant before registration where the registration is of the right time', async () => {
    const ticketNo = await s.register()
    const early = { channel: 'phone', content: '催办', occurredAt: at('2026-03-01 10:00') }
    expect(problemOf(await s.act(ticketNo, 'contacts', early, system))).toEqual(
      refused(422, 'before_registration', ['body', '#/occurredAt']),
    )
  })
})
