/** An import is no master key: what it may touch, and what is kept of who ran it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { canonicalJson } from '../../../api/commands/canonicalJson.ts'
import { commandIdOf } from '../../../api/commands/commandId.ts'
import { eventId, type NewEvent } from '../../../domain/eventStore.ts'
import { ticketStream } from '../../../domain/ticket/events.ts'
import { admin, at, type Scenario, sa, startScenario } from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'
import { close, contact, importing, line, register, respond, result, ticketOf } from './importing.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario({ now: '2026-06-01 10:00' })
})
afterAll(() => s.service.close())

const phone = '13800009001'

describe('a line on a ticket that was registered live', () => {
  it('is refused, whatever it does, and changes nothing', async () => {
    const live = await s.register({ externalNo: 'LIVE-1', customer: { phone } })
    s.go('2026-06-03 10:00')
    const when = '2026-06-02 10:00'
    await importing(s, [register('2026-03-02 10:00', 'OWN-1', '13800009002')])
    const head = await s.head()
    const lines = [
      line(when, 'LIVE-1', 'rescind', { reason: '误录' }, { actor: { id: 'sa', role: 'sa' } }),
      respond(when, live),
      contact(when, live),
      close(when, live),
      line(when, live, 'redispatch', { tier: 'se', reason: '理由' }),
      line(when, live, 'reclassify', { category: 'A4d', reason: '理由' }),
      line(when, live, 'duplicate-of', { ticketNo: 'OWN-1', reason: '重复' }),
      line(when, live, 'repeat-link', { ticketNo: 'OWN-1', reason: '重复' }),
      line(when, live, 'acknowledge', { code: 'W3' }),
      // the other of two tickets is the live one
      line(when, 'OWN-1', 'duplicate-of', { ticketNo: live, reason: '重复' }),
      line(when, 'OWN-1', 'repeat-link', { ticketNo: live, reason: '重复' }),
      line(when, 'OWN-1', 'repeat-unlink', { ticketNo: live, reason: '重复' }),
      // the customer's live ticket is what the call would be logged on
      register(when, 'CALL-1', phone),
      register(when, 'CALL-2', '13800009003', { sameProblemAs: live }),
    ]
    const refused = lines.map((_, index): [number, string] => [index + 1, 'registered_live'])
    expect(await importing(s, lines)).toEqual(result(0, 0, refused))
    expect(await s.head()).toBe(head)
  })

  it('is refused too where a register line would make it fail its first solution', async () => {
    const own = '13800009004'
    const live = await s.register({ customer: { phone: own } })
    await s.respond(live)
    await s.close(live)
    s.go('2026-06-05 10:00')
    expect(await importing(s, [register('2026-06-04 10:00', 'ESC-1', own)])).toEqual(
      result(0, 0, [[1, 'registered_live']]),
    )
    expect((await s.ticket(live)).escalatedTo).toBeNull()
    // a different problem is a ticket of its own
    expect(await importing(s, [register('2026-06-04 10:00', 'ESC-2', own, { sameProblemAs: null })])).toEqual(
      result(1),
    )
  })

  it('is one that live acts may go on with, where an import registered it', async () => {
    await importing(s, [register('2026-03-02 10:00', 'MIX-1', '13800009005')])
    const { ticketNo } = await ticketOf(s, 'MIX-1')
    await s.call(ticketNo)
    expect(await importing(s, [contact('2026-06-05 09:59', 'MIX-1')])).toEqual(
      result(0, 0, [[1, 'out_of_order']]),
    )
  })

  it('stops a rescission that would cut a link to it', async () => {
    const own = '13800009006'
    await importing(s, [
      register('2026-06-01 10:00', 'CUT-1', own),
      respond('2026-06-01 11:00', 'CUT-1'),
      close('2026-06-02 10:00', 'CUT-1'),
    ])
    const { ticketNo } = await ticketOf(s, 'CUT-1')
    const { ticketNo: repeat } = await s.take({ customer: { phone: own } })
    expect((await s.ticket(repeat)).escalatedFrom).toBe(ticketNo)
    s.go('2026-06-05 12:00')
    const rescind = line(
      '2026-06-05 11:00',
      'CUT-1',
      'rescind',
      { reason: '误录' },
      { actor: { id: 'sa', role: 'sa' } },
    )
    expect(await importing(s, [rescind])).toEqual(result(0, 0, [[1, 'registered_live']]))
    expect((await s.ticket(ticketNo)).state).toBe('completed')
  })
})

describe('what an import records', () => {
  it('says who ran it, when that was, and by which line', async () => {
    await importing(s, [register('2026-03-02 10:00', 'WHO-1', '13800009010')])
    const { ticketNo } = await ticketOf(s, 'WHO-1')
    const live = await s.register()
    const imported = (await s.get(`tickets/${ticketNo}/timeline`)).body.items
    for (const { at: then, actor, imported: by } of imported) {
      expect([then, actor]).toEqual([at('2026-03-02 10:00'), { id: 'legacy', role: 'csr' }])
      expect(by).toEqual({
        importedBy: admin.sub,
        importedAt: s.service.deps.now(),
        digest: expect.stringMatching(/^[\w-]{43}$/),
      })
    }
    for (const { imported: by } of (await s.get(`tickets/${live}/timeline`)).body.items) expect(by).toBeNull()
  })

  it('has a digest and an id that the service’s key alone cannot make of the line', async () => {
    const lines = [register('2026-03-02 10:00', 'DIG-1', '13800009011'), respond('2026-03-02 11:00', 'DIG-1')]
    await importing(s, lines)
    const { ticketNo } = await ticketOf(s, 'DIG-1')
    const events = await s.service.deps.store.readStream(ticketStream(ticketNo))
    for (const each of lines) {
      const digest = s.service.deps.sealing.requestDigest(null, canonicalJson(each)) as string
      for (const { metadata } of events) {
        expect(metadata.requestDigest).not.toBe(digest)
        expect(metadata.commandId).not.toBe(commandIdOf('import', digest))
      }
    }
  })

  it('is not recorded again, nor is another line under the number of a registration', async () => {
    const lines = [
      register('2026-03-02 10:00', 'AGAIN-1', '13800009012'),
      contact('2026-03-02 10:30', 'AGAIN-1'),
      respond('2026-03-02 11:00', 'AGAIN-1'),
    ]
    expect(await importing(s, lines)).toEqual(result(3))
    const head = await s.head()
    expect(await importing(s, lines)).toEqual(result(0, 3))
    const other = register('2026-03-02 10:00', 'AGAIN-1', '13800009012', { content: '别的' })
    expect(await importing(s, [other])).toEqual(result(0, 0, [[1, 'ref_reused']]))
    expect(await s.head()).toBe(head)
  })

  it('of a version whose digests were keyed by the service is known again', async () => {
    const first = register('2026-03-02 10:00', 'OLD-1', '13800009013')
    await importing(s, [first])
    const { ticketNo } = await ticketOf(s, 'OLD-1')
    const { store, sealing, views } = s.service.deps
    const events = await store.readStream(ticketStream(ticketNo))
    const { metadata, data } = events[0] as NewEvent & { data: Json }
    const oldLine = contact('2026-03-02 10:30', 'OLD-1')
    const digest = sealing.requestDigest(null, canonicalJson(oldLine)) as string
    const commandId = commandIdOf('import', digest)
    // as that version stored it
    const stored: NewEvent = {
      id: eventId(commandId, 0),
      type: 'ContactLogged',
      data: {
        subjectId: data.subjectId,
        channel: 'phone',
        flags: [],
        externalNo: null,
        source: null,
        dealer: null,
        receivedAt: null,
        occurredAt: null,
        customer: null,
        text: sealing.seal(data.subjectId, { content: '催办' }),
      },
      metadata: {
        commandId,
        actor: { id: 'legacy', role: 'csr' },
        correlationId: 'request 1',
        recordedAt: at('2026-03-02 10:30'),
        requestDigest: digest,
        imported: true,
      },
    }
    expect(metadata.imported).toBe(true)
    const { position } = await store.append(ticketStream(ticketNo), events.length, [stored])
    await views.reached(position, 5_000)
    expect(await importing(s, [oldLine, first])).toEqual(result(0, 2))
    const { items } = (await s.get(`tickets/${ticketNo}/timeline`, sa)).body
    expect(items.at(-1).imported).toEqual({ importedBy: null, importedAt: null, digest: null })
  })
})
