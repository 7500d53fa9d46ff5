import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  at,
  csr,
  dealer,
  problemOf,
  rbo,
  refused,
  type Scenario,
  sa,
  se,
  seMedia,
  startScenario,
} from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

let s: Scenario
/** Tickets by what they are; listed by the same words. */
const tickets: Record<string, string> = {}

beforeAll(async () => {
  s = await startScenario({ now: '2026-03-02 09:00' })
  tickets.repeated = await s.register({ externalNo: 'L-1' })
  await s.respond(tickets.repeated)
  await s.close(tickets.repeated)
  s.go('2026-03-02 10:00')
  tickets.repeat = await s.register({ sameProblemAs: tickets.repeated })
  tickets.media = await s.registerB({ source: 'website' })
  await s.does(tickets.media, 'responsible-dealer', { dealerCode: 'D003' }, seMedia)
  s.go('2026-03-03 10:00')
  tickets.warned = await s.register({ category: 'A4d', dealerCode: 'D002', flags: ['agitated'] })
  tickets.west = await s.register({ category: 'A4c', dealerCode: 'D004' })
  await s.respond(tickets.west, rbo('WEST'))
  s.go('2026-03-04 10:00')
  tickets.rescinded = await s.register({ dealerCode: 'D003' })
  await s.does(tickets.rescinded, 'rescind', { reason: '误登记' }, se)
  tickets.se = await s.register({ category: 'A4y', dealerCode: null })
  s.go('2026-03-06 00:00')
})
afterAll(() => s.service.close())

const listed = async (path: string, who: Who = sa): Promise<string[]> => {
  const names = new Map(Object.entries(tickets).map(([name, ticketNo]) => [ticketNo, name]))
  return (await s.numbers(path, who)).map((ticketNo) => names.get(ticketNo) as string)
}
/** As they were registered. */
const all = ['repeated', 'repeat', 'media', 'warned', 'west', 'rescinded', 'se']
const inOrder = (names: string): string[] => {
  const wanted = names.split(' ').filter((name) => name !== '')
  return all.filter((name) => wanted.includes(name))
}

describe('GET /v1/tickets lists', () => {
  it.each([
    ['state=unhandled', 'repeat media warned se'],
    ['state=in_progress', 'west'],
    ['state=open', 'repeat media warned west se'],
    ['state=open,completed', 'repeated repeat media warned west se'],
    ['state=completed,rescinded', 'repeated rescinded'],
    ['state=duplicate', ''],
    ['level=B', 'media'],
    ['level=A,B', all.join(' ')],
    ['category=A4d', 'warned'],
    ['category=A4c,A4y', 'west se'],
    ['dealer=D001', 'repeated repeat'],
    ['dealer=D002,D004', 'warned west'],
    ['dealer=D999', ''],
    ['rbo=WEST', 'west'],
    ['rbo=NORTH', 'media rescinded'],
    ['tier=rbo', 'repeat west'],
    ['tier=dealer,se', 'repeated warned rescinded se'],
    ['holder=EAST', 'repeat'],
    ['holder=SE_MEDIA,SE', 'media se'],
    ['holder=D001', 'repeated'],
    ['overdue=response', 'repeat media warned se'],
    ['overdue=close', 'repeat'],
    ['overdue=response,close', 'repeat media warned se'],
    ['warning=W4', 'warned'],
    ['warning=W1,W4', 'warned'],
    ['warning=W5', ''],
    ['ordinal=2', 'repeat'],
    ['ordinal=1,2', all.join(' ')],
    ['ordinal=3', ''],
    ['from=2026-03-03T10:00:00%2B08:00', 'warned west rescinded se'],
    ['to=2026-03-03T10:00:00%2B08:00', 'repeated repeat media'],
    ['from=2026-03-03&to=2026-03-04', 'warned west'],
    ['externalNo=L-1', 'repeated'],
    ['externalNo=L-1,L-2', ''],
    ['externalNo=%20%EF%BC%AC-1%E2%80%8B', 'repeated'],
  ])('by %s', async (filter, names) => {
    expect((await listed(`tickets?${filter}&sort=-registeredAt`)).reverse()).toEqual(inOrder(names))
  })

  it.each([
    ['state=open&rbo=EAST', 'repeat warned'],
    ['tier=rbo&state=in_progress', 'west'],
    ['category=A4a&dealer=D001&ordinal=1', 'repeated'],
    ['overdue=response&level=B', 'media'],
    ['warning=W4&dealer=D001', ''],
    ['from=2026-03-03&state=unhandled&holder=D002', 'warned'],
  ])('by both of %s', async (filter, names) => {
    expect((await listed(`tickets?${filter}&sort=-registeredAt`)).reverse()).toEqual(inOrder(names))
  })

  it('by what is due first, without a due last', async () => {
    const due = ['repeat', 'media', 'warned', 'se', 'west', 'repeated', 'rescinded']
    expect(await listed('tickets')).toEqual(due)
    expect(await listed('tickets?sort=dueAt')).toEqual(due)
    const { items } = (await s.get('tickets')).body
    expect(items.map(({ dueAt }: Json) => dueAt)).toEqual([
      at('2026-03-02 12:00'),
      at('2026-03-02 12:00'),
      at('2026-03-03 12:00'),
      at('2026-03-04 12:00'),
      at('2026-03-07 00:00'),
      null,
      null,
    ])
  })

  it('the newest first with sort=-registeredAt', async () => {
    expect(await listed('tickets?sort=-registeredAt')).toEqual(all.toReversed())
  })

  it('every ticket as the ticket itself has it, but for free text', async () => {
    const { items } = (await s.get('tickets')).body
    for (const item of items) {
      const {
        content: _content,
        initialCause: _cause,
        closing: _closing,
        remedyText: _remedyText,
        ...ticket
      } = await s.ticket(item.ticketNo)
      expect(item).toEqual(ticket)
    }
  })

  it('no longer by a warning that was resolved, nor as overdue what is done', async () => {
    const ticketNo = await s.register({ dealerCode: 'D003', flags: ['media'] })
    expect(await s.numbers('tickets?warning=W5')).toEqual([ticketNo])
    const [{ warningId }] = (await s.ticket(ticketNo)).warnings
    await s.does(ticketNo, `warnings/${warningId}/resolve`, { result: '已处理' }, se)
    expect(await s.numbers('tickets?warning=W5')).toEqual([])
    await s.does(ticketNo, 'rescind', { reason: '测试' }, se)
  })

  it('as overdue only what is past: the due instant itself is in time', async () => {
    s.go('2026-03-10 10:00')
    const ticketNo = await s.register({ dealerCode: 'D003' })
    const overdue = () => s.numbers('tickets?overdue=response&dealer=D003')
    s.go('2026-03-10 12:00')
    expect(await overdue()).toEqual([])
    s.go('2026-03-10 12:00:00.001')
    expect(await overdue()).toEqual([ticketNo])
    await s.does(ticketNo, 'rescind', { reason: '测试' }, se)
    s.go('2026-03-06 00:00')
  })
})

describe('GET /v1/escalations', () => {
  it('lists second and later complaints, by the same filters', async () => {
    expect(await listed('escalations')).toEqual(['repeat'])
    expect(await listed('escalations?state=open&holder=EAST')).toEqual(['repeat'])
    expect(await listed('escalations?dealer=D002')).toEqual([])
  })
})

describe('lists and scope', () => {
  it.each<[string, Who, string]>([
    ['a dealer: holder, dealer or responsible', dealer('D003'), 'media rescinded'],
    ['a dealer whose ticket went on to the RBO', dealer('D001'), 'repeated repeat'],
    ['an RBO: its dealers’ and its own', rbo('EAST'), 'repeated repeat warned'],
    ['an RBO: the media ticket its dealer is responsible for', rbo('NORTH'), 'media rescinded'],
    [
      'two roles: what either sees',
      { roles: ['dealer', 'rbo'], dealer: 'D003', rbo: 'WEST' },
      'media west rescinded',
    ],
    ['the CSC: everything', csr, all.join(' ')],
    [
      'a role beside the dealer’s that sees everything',
      { roles: ['dealer', 'se'], dealer: 'D003' },
      all.join(' '),
    ],
  ])('%s', async (_, who, names) => {
    const old = (await s.numbers('tickets?sort=-registeredAt&to=2026-03-05', who)).reverse()
    expect(old.map((ticketNo) => all.find((name) => tickets[name] === ticketNo))).toEqual(inOrder(names))
  })

  it('a filter naming a unit outside matches nothing', async () => {
    expect(await s.numbers('tickets?dealer=D002', dealer('D001'))).toEqual([])
    expect(await s.numbers('tickets?rbo=WEST', rbo('EAST'))).toEqual([])
    expect(await s.numbers('tickets?holder=SE', dealer('D001'))).toEqual([])
    expect(await s.numbers('escalations', dealer('D003'))).toEqual([])
  })
})

describe('a list refuses', () => {
  it.each([
    ['state=closed', 'state'],
    ['state=', 'state'],
    ['level=D', 'level'],
    ['category=A4a,A5', 'category'],
    ['tier=sa', 'tier'],
    ['overdue=ack', 'overdue'],
    ['warning=W9', 'warning'],
    ['ordinal=0', 'ordinal'],
    ['from=yesterday', 'from'],
    ['to=2026-03-02T10:00:00', 'to'],
    ['sort=registeredAt', 'sort'],
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=ten', 'limit'],
    ['dealer=D%20001', 'dealer'],
  ])('%s', async (query, name) => {
    expect(problemOf(await s.get(`tickets?${query}`))).toEqual(
      refused(400, 'invalid_request', ['query', name]),
    )
  })

  it('a filter it does not know', async () => {
    for (const path of ['tickets', 'escalations', 'callbacks', 'warnings'])
      expect(problemOf(await s.get(`${path}?phone=138`))).toEqual(
        refused(400, 'unknown_field', ['query', 'phone']),
      )
  })
})
