import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { at, type Scenario, startScenario } from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'
import {
  close,
  contact,
  importing,
  line,
  ndjson,
  register,
  respond,
  result,
  send,
  ticketOf,
} from './importing.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario({ now: '2026-06-01 10:00' })
})
afterAll(() => s.service.close())

let refs = 0
/** A legacy number of its own, and a phone. */
const fresh = (): [string, string] => [`L-${++refs}`, `1380001${String(refs).padStart(4, '0')}`]
/** A ticket's story up to its closing. */
const story = () => {
  const [ref, phone] = fresh()
  const lines = [
    register('2026-03-02 10:00', ref, phone),
    respond('2026-03-02 11:00', ref),
    close('2026-03-03 10:00', ref),
  ] as const
  return { ref, phone, lines }
}

describe('an imported line', () => {
  it('is done at its own time, by its own actor', async () => {
    const { ref, lines } = story()
    expect(await importing(s, lines)).toEqual(result(3))
    const ticket = await ticketOf(s, ref)
    expect(ticket).toMatchObject({
      ticketNo: expect.stringMatching(/^T260302-/),
      externalNo: ref,
      state: 'completed',
      receivedAt: at('2026-03-02 10:00'),
      registeredAt: at('2026-03-02 10:00'),
      respondedAt: at('2026-03-02 11:00'),
      closedAt: at('2026-03-03 10:00'),
      responseDueAt: at('2026-03-02 12:00'),
      measures: { response: 'met', close: 'met', firstTime: 'met' },
    })
    const { items } = (await s.get(`tickets/${ticket.ticketNo}/timeline`)).body
    expect(items.map(({ type, actor }: Json) => [type, actor.id, actor.role])).toEqual([
      ['TicketRegistered', 'legacy', 'csr'],
      ['TicketDispatched', 'legacy', 'csr'],
      ['ResponseRecorded', 'legacy', 'dealer'],
      ['TicketClosed', 'legacy', 'dealer'],
    ])
  })

  it('counts as known from its time', async () => {
    const { ref, lines } = story()
    await importing(s, lines)
    const { ticketNo } = await ticketOf(s, ref)
    const then = await s.get(`tickets/${ticketNo}?asOf=${encodeURIComponent(at('2026-03-02 11:00'))}`)
    expect(then.body).toMatchObject({ state: 'in_progress', closedAt: null })
  })

  it('may be every act there is', async () => {
    const [[a, phone], [b, other], [c, third], [m, fourth]] = [fresh(), fresh(), fresh(), fresh()]
    const [d, fifth] = fresh()
    const reason = { reason: '理由' }
    const lines = [
      register('2026-03-02 10:00', a, phone, { flags: ['agitated'] }),
      contact('2026-03-02 10:10', a),
      line('2026-03-02 10:20', a, 'acknowledge', { code: 'W4' }),
      line('2026-03-02 10:30', a, 'resolve', { code: 'W4', result: '已安抚' }),
      line('2026-03-02 10:40', a, 'reclassify', { category: 'A4d', ...reason }),
      line('2026-03-02 10:50', a, 'redispatch', { dealerCode: 'D002', ...reason }),
      respond('2026-03-02 11:00', a),
      line('2026-03-02 11:10', a, 'record', { kind: 'investigation', note: '查' }),
      close('2026-03-02 11:20', a),
      line('2026-03-02 11:30', a, 'callback', { outcome: 'unreachable' }),
      register('2026-03-02 12:00', b, other),
      line('2026-03-02 12:10', a, 'repeat-link', { ticketNo: b, ...reason }),
      line('2026-03-02 12:20', a, 'repeat-unlink', { ticketNo: b, ...reason }),
      register('2026-03-02 12:30', c, third),
      line('2026-03-02 12:40', c, 'duplicate-of', { ticketNo: b, ...reason }),
      register('2026-03-02 12:45', d, fifth),
      line('2026-03-02 12:50', d, 'rescind', reason),
      register(
        '2026-03-02 13:00',
        m,
        fourth,
        { category: 'B4', source: 'media' },
        { actor: { id: 'x', role: 'csr_media' } },
      ),
      line('2026-03-02 13:10', m, 'responsible-dealer', { dealerCode: 'D001' }),
      line('2026-03-12 00:00', m, 'convert-to-c', reason),
    ]
    expect(await importing(s, lines)).toEqual(result(lines.length))
    expect(await ticketOf(s, a)).toMatchObject({
      state: 'completed',
      category: 'A4d',
      calls: 1,
      holder: { tier: 'dealer', unit: 'D002' },
      warnings: [{ code: 'W4', acknowledgedAt: at('2026-03-02 10:20'), resolvedAt: at('2026-03-02 10:30') }],
    })
    expect((await ticketOf(s, d)).state).toBe('rescinded')
    expect(await ticketOf(s, c)).toMatchObject({
      state: 'duplicate',
      duplicateOf: (await ticketOf(s, b)).ticketNo,
    })
    expect(await ticketOf(s, m)).toMatchObject({ level: 'C', responsibleDealer: 'D001' })
    expect(await importing(s, lines)).toEqual(result(0, lines.length))
  })

  it.each<[string, string, Json]>([
    ['respond', 'csr', { method: 'phone', reached: true, note: '联系' }],
    ['close', 'csc_system', { result: '好', measures: '好' }],
    ['contact', 'dealer', { channel: 'phone', content: '催' }],
    ['redispatch', 'se', { tier: 'se', reason: '理由' }],
    ['reclassify', 'dealer', { category: 'A4d', reason: '理由' }],
    ['rescind', 'csr', { reason: '理由' }],
    ['convert-to-c', 'se', { reason: '理由' }],
    ['responsible-dealer', 'se', { dealerCode: 'D001' }],
    ['acknowledge', 'dealer', { code: 'W4' }],
    ['callback', 'admin', { outcome: 'satisfied' }],
  ])('%s is refused to %s', async (command, role, data) => {
    const [ref, phone] = fresh()
    const lines = [
      register('2026-03-02 10:00', ref, phone, { flags: ['agitated'] }),
      line('2026-03-02 11:00', ref, command, data, { actor: { id: 'x', role } }),
    ]
    expect(await importing(s, lines)).toEqual(result(1, 0, [[2, 'role_not_allowed']]))
  })

  it('of a registration is the CSC’s, of a B4 csr_media’s', async () => {
    const [[a, phone], [b, other]] = [fresh(), fresh()]
    const lines = [
      register('2026-03-02 10:00', a, phone, {}, { actor: { id: 'x', role: 'dealer' } }),
      register('2026-03-02 10:00', b, other, { category: 'B4', source: 'media' }),
    ]
    expect(await importing(s, lines)).toEqual(
      result(0, 0, [
        [1, 'role_not_allowed'],
        [2, 'role_not_allowed'],
      ]),
    )
  })

  it('in the future is bad, and of this very moment is not', async () => {
    const [[a, phone], [b, other]] = [fresh(), fresh()]
    const lines = [register('2026-06-01 10:00:00.001', a, phone), register('2026-06-01 10:00', b, other)]
    expect(await importing(s, lines)).toEqual(result(1, 0, [[1, 'future_instant']]))
  })

  it('earlier than its ticket’s last event is bad, of the same instant it goes in file order', async () => {
    const [ref, phone] = fresh()
    const lines = [
      register('2026-03-02 10:00', ref, phone),
      respond('2026-03-02 11:00', ref),
      contact('2026-03-02 10:59:59.999', ref),
      close('2026-03-02 11:00', ref),
    ]
    expect(await importing(s, lines)).toEqual(result(3, 0, [[3, 'out_of_order']]))
    const { items } = (await s.get(`tickets/${(await ticketOf(s, ref)).ticketNo}/timeline`)).body
    expect(items.map(({ type }: Json) => type).slice(2)).toEqual(['ResponseRecorded', 'TicketClosed'])
  })

  it('that the rules refuse is skipped, with their code', async () => {
    const [[ref, phone], [b, other]] = [fresh(), fresh()]
    const lines = [
      register('2026-03-02 10:00', ref, phone),
      close('2026-03-02 10:30', ref),
      contact('2026-03-02 10:30', 'NOBODY'),
      line('2026-03-02 10:30', ref, 'acknowledge', { code: 'W1' }),
      line('2026-03-02 10:30', ref, 'duplicate-of', { ticketNo: 'NOBODY', reason: '理由' }),
      register('2026-03-02 10:30', b, other, { sameProblemAs: 'NOBODY' }),
      register('2026-03-02 10:30', b, other, { dealerCode: 'D999' }),
      respond('2026-03-02 11:00', ref),
    ]
    expect(await importing(s, lines)).toEqual(
      result(2, 0, [
        [2, 'wrong_state'],
        [3, 'unknown_ticket'],
        [4, 'warning_not_found'],
        [5, 'unknown_ticket'],
        [6, 'unknown_ticket'],
        [7, 'unknown_dealer'],
      ]),
    )
  })
})

describe('a ref', () => {
  it('reused with other data is bad, in one import and in the next', async () => {
    const [ref, phone] = fresh()
    const first = register('2026-03-02 10:00', ref, phone)
    const other = register('2026-03-02 10:00', ref, phone, { content: '另一内容' })
    expect(await importing(s, [first, other])).toEqual(result(1, 0, [[2, 'ref_reused']]))
    expect(await importing(s, [other, first])).toEqual(result(0, 1, [[1, 'ref_reused']]))
  })

  it('of a registration that became a contact names the joined ticket from then on', async () => {
    const [[a, phone], [b]] = [fresh(), fresh()]
    const lines = [
      register('2026-03-02 10:00', a, phone),
      register('2026-03-02 11:00', b, phone),
      respond('2026-03-02 12:00', b),
    ]
    expect(await importing(s, lines)).toEqual(result(3))
    const ticket = await ticketOf(s, b)
    expect(ticket).toMatchObject({ externalNo: a, calls: 1, state: 'in_progress' })
    expect(ticket).toEqual(await ticketOf(s, a))
  })

  it('may be a number of our own', async () => {
    const { ref, lines } = story()
    await importing(s, [lines[0]])
    const { ticketNo } = await ticketOf(s, ref)
    expect(await importing(s, [contact('2026-06-01 10:00', ticketNo)])).toEqual(result(1))
    expect((await s.ticket(ticketNo)).calls).toBe(1)
  })
})

describe('the same line again', () => {
  it('is one act, in one import and in the next', async () => {
    const [ref, phone] = fresh()
    const lines = [register('2026-03-02 10:00', ref, phone), contact('2026-03-02 11:00', ref)] as const
    expect(await importing(s, [lines[0], lines[0], lines[1], lines[1], lines[1]])).toEqual(result(2, 3))
    const head = await s.head()
    expect(await importing(s, lines)).toEqual(result(0, 2))
    expect(await s.head()).toBe(head)
    expect((await ticketOf(s, ref)).calls).toBe(1)
  })

  it('is the same however its fields are ordered and spaced', async () => {
    const [ref, phone] = fresh()
    const first = register('2026-03-02 10:00', ref, phone)
    await importing(s, [first])
    const turned = JSON.stringify(Object.fromEntries(Object.entries(first).reverse()), null, 1).replaceAll(
      '\n',
      ' ',
    )
    expect(await importing(s, turned)).toEqual(result(0, 1))
  })

  it('is done once where two imports bring it at the same moment', async () => {
    const { ref, lines } = story()
    const both = await Promise.all([send(s, ndjson(lines)), send(s, ndjson(lines))])
    const [a, b] = both.map(({ body }) => body)
    expect([a.applied + b.applied, a.rejected, b.rejected]).toEqual([3, [], []])
    expect((await ticketOf(s, ref)).version).toBe(4)
  })

  it('is tried again where it was bad', async () => {
    const [ref, phone] = fresh()
    const early = contact('2026-03-02 11:00', ref)
    expect(await importing(s, [early])).toEqual(result(0, 0, [[1, 'unknown_ticket']]))
    expect(await importing(s, [register('2026-03-02 10:00', ref, phone), early])).toEqual(result(2))
  })
})

describe('acknowledge and resolve', () => {
  it('name the current assignment’s open warning of that code, else the newest', async () => {
    const [ref, phone] = fresh()
    const moved = [
      register('2026-03-02 10:00', ref, phone, { flags: ['agitated'] }),
      line('2026-03-02 10:10', ref, 'redispatch', { tier: 'rbo', reason: '升级' }),
      line('2026-03-02 10:20', ref, 'contact', { channel: 'phone', content: '催', flags: ['agitated'] }),
    ]
    const solved = (time: string) =>
      line(time, ref, 'resolve', { code: 'W4', result: '已处理' }, { actor: { id: 'sa', role: 'sa' } })
    const resolvedAt = async () => (await ticketOf(s, ref)).warnings.map((each: Json) => each.resolvedAt)
    await importing(s, [...moved, solved('2026-03-02 10:30')])
    expect(await resolvedAt()).toEqual([null, at('2026-03-02 10:30')])
    expect(await importing(s, [solved('2026-03-02 10:40')])).toEqual(result(1))
    expect(await resolvedAt()).toEqual([at('2026-03-02 10:40'), at('2026-03-02 10:30')])
    expect(await importing(s, [solved('2026-03-02 10:50')])).toEqual(result(0, 0, [[1, 'warning_not_found']]))
  })
})
