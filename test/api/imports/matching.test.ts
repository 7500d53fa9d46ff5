import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { at, csr, type Scenario, startScenario } from '../../support/scenario.ts'
import { close, importing, line, register, respond, result, ticketOf } from './importing.ts'

let s: Scenario
beforeAll(async () => {
  s = await startScenario({ now: '2026-03-02 10:00' })
})
afterAll(() => s.service.close())

let refs = 0
const fresh = (): [string, string] => [`M-${++refs}`, `1390002${String(refs).padStart(4, '0')}`]

describe('an imported registration is matched against what was known then', () => {
  it('repeats a ticket closed then, though it is long out of the seven days now', async () => {
    const [[a, phone], [b]] = [fresh(), fresh()]
    s.go('2026-06-01 10:00')
    const lines = [
      register('2026-03-02 10:00', a, phone),
      respond('2026-03-02 11:00', a),
      close('2026-03-02 12:00', a),
      register('2026-03-09 23:59:59.999', b, phone),
    ]
    expect(await importing(s, lines)).toEqual(result(4))
    expect(await ticketOf(s, b)).toMatchObject({
      ordinal: 2,
      holder: { tier: 'rbo', unit: 'EAST' },
      escalatedFrom: (await ticketOf(s, a)).ticketNo,
    })
  })

  it('is new beside a ticket that was registered live only later', async () => {
    const [ref, phone] = fresh()
    s.go('2026-03-10 10:00')
    const live = await s.register({ customer: { phone } })
    expect(await importing(s, [register('2026-03-09 10:00', ref, phone)])).toEqual(result(1))
    const imported = await ticketOf(s, ref)
    expect(imported).toMatchObject({ ordinal: 1, escalatedFrom: null, relatedTo: null, calls: 0 })
    expect(imported.ticketNo).not.toBe(live)
    expect((await s.ticket(live)).calls).toBe(0)
  })

  it('does not see a closing that came only later: a contact that its ticket’s later events refuse', async () => {
    const [ref, phone] = fresh()
    s.go('2026-03-10 10:00')
    const live = await s.register({ customer: { phone } })
    s.go('2026-03-11 10:00')
    await s.respond(live)
    await s.close(live)
    s.go('2026-03-12 10:00')
    const head = await s.head()
    expect(await importing(s, [register('2026-03-10 12:00', ref, phone)])).toEqual(
      result(0, 0, [[1, 'registered_live']]),
    )
    expect(await s.head()).toBe(head)
  })

  it('does not repeat a ticket whose closing came only later', async () => {
    const [ref, phone] = fresh()
    s.go('2026-03-10 10:00')
    const live = await s.register({ customer: { phone } })
    await s.respond(live)
    await s.close(live)
    s.go('2026-03-12 10:00')
    await importing(s, [register('2026-03-10 09:00', ref, phone)])
    expect(await ticketOf(s, ref)).toMatchObject({ ordinal: 1, relatedTo: null })
    expect((await s.ticket(live)).escalatedTo).toBeNull()
  })

  it('and so is a category that was changed only later', async () => {
    const [[a, phone], [b]] = [fresh(), fresh()]
    s.go('2026-06-01 10:00')
    await importing(s, [
      register('2026-03-02 10:00', a, phone, { category: 'A4d' }),
      line('2026-03-04 10:00', a, 'reclassify', { category: 'A4a', reason: '更正' }),
    ])
    await importing(s, [register('2026-03-03 10:00', b, phone, { category: 'A4a' })])
    expect(await ticketOf(s, b)).toMatchObject({ ordinal: 1, calls: 0 })
    expect((await ticketOf(s, b)).ticketNo).not.toBe((await ticketOf(s, a)).ticketNo)
  })

  it('names a ticket by its legacy number, or says that it is another problem', async () => {
    const [[a, phone], [b], [c]] = [fresh(), fresh(), fresh()]
    s.go('2026-06-01 10:00')
    const lines = [
      register('2026-03-02 10:00', a, phone),
      register('2026-03-02 11:00', b, phone, { sameProblemAs: null }),
      register('2026-03-02 12:00', c, '13900029999', { category: 'A4d', sameProblemAs: a }),
    ]
    expect(await importing(s, lines)).toEqual(result(3))
    expect((await ticketOf(s, b)).ticketNo).not.toBe((await ticketOf(s, a)).ticketNo)
    expect(await ticketOf(s, c)).toMatchObject({ externalNo: a, calls: 1 })
  })

  it('a live complaint is matched against what was imported', async () => {
    const [ref, phone] = fresh()
    s.go('2026-03-05 10:00')
    await importing(s, [
      register('2026-03-02 10:00', ref, phone),
      respond('2026-03-02 11:00', ref),
      close('2026-03-04 12:00', ref),
    ])
    const answer = await s.post(csr, 'complaints', s.complaint({ customer: { phone } }))
    expect(answer.body).toMatchObject({
      outcome: 'escalated',
      escalatedFrom: (await ticketOf(s, ref)).ticketNo,
      responseDueAt: at('2026-03-05 12:00'),
    })
  })

  it('goes by file order for one customer, whatever comes between', async () => {
    const phone = '13900020000'
    s.go('2026-06-01 10:00')
    const lines = Array.from({ length: 40 }, (_, n) => [
      register('2026-04-01 10:00', `O-${n}`, phone),
      register('2026-04-01 10:00', `P-${n}`, `1390003${String(n).padStart(4, '0')}`),
    ]).flat()
    expect(await importing(s, lines)).toEqual(result(80))
    expect(await ticketOf(s, 'O-39')).toMatchObject({ externalNo: 'O-0', calls: 39 })
  })
})

describe('a line that lies before what happened to another ticket it touches', () => {
  it('is bad as a whole: a link leaves both tickets as they are', async () => {
    const [[a, phone], [b, other]] = [fresh(), fresh()]
    s.go('2026-06-01 10:00')
    const lines = [
      register('2026-03-02 10:00', a, phone),
      respond('2026-03-02 11:00', a),
      close('2026-03-02 12:00', a),
      register('2026-03-04 10:00', b, other),
      line('2026-03-06 10:00', b, 'contact', { channel: 'phone', content: '催办' }),
    ]
    expect(await importing(s, lines)).toEqual(result(5))
    const link = line('2026-03-05 10:00', a, 'repeat-link', { ticketNo: b, reason: '同一问题' })
    expect((await importing(s, [link])).rejected).toEqual([[1, 'out_of_order']])
    expect(await ticketOf(s, a)).toMatchObject({ escalatedTo: null, measures: { firstTime: 'met' } })
    expect(await ticketOf(s, b)).toMatchObject({ escalatedFrom: null, ordinal: 1 })
  })

  it('is bad as a whole: a rescission leaves the link as it is', async () => {
    const [[a, phone], [b]] = [fresh(), fresh()]
    s.go('2026-06-01 10:00')
    const lines = [
      register('2026-03-02 10:00', a, phone),
      respond('2026-03-02 11:00', a),
      close('2026-03-02 12:00', a),
      register('2026-03-04 10:00', b, phone),
      line('2026-03-07 10:00', a, 'callback', { outcome: 'unreachable' }),
    ]
    expect(await importing(s, lines)).toEqual(result(5))
    const rescinded = line('2026-03-06 10:00', b, 'rescind', { reason: '客户撤诉' })
    expect((await importing(s, [rescinded])).rejected).toEqual([[1, 'out_of_order']])
    const [earlier, repeat] = [await ticketOf(s, a), await ticketOf(s, b)]
    expect([repeat.state, repeat.escalatedFrom, earlier.escalatedTo]).toEqual([
      'unhandled',
      earlier.ticketNo,
      repeat.ticketNo,
    ])
  })
})
