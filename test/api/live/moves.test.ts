/** Tickets that move between every pair of units while all of them read the stream. */
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { csr, dealer, rbo, type Scenario, sa, startScenario } from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'
import { listening, openReader, type Reader, until } from './readers.ts'

/** Where a ticket of dealer D001 can be sent to. */
const units: Record<string, Json> = {
  D001: { dealerCode: 'D001' },
  D002: { dealerCode: 'D002' },
  D003: { dealerCode: 'D003' },
  D004: { dealerCode: 'D004' },
  'its RBO': { tier: 'rbo' },
  'the SE': { tier: 'se' },
}
const people: Who[] = [
  ...['D001', 'D002', 'D003', 'D004'].map((code) => dealer(code)),
  ...['EAST', 'NORTH', 'WEST'].map((code) => rbo(code)),
  sa,
]
const pairs = Object.keys(units).flatMap((from) =>
  Object.keys(units)
    .filter((to) => to !== from)
    .map((to) => [from, to] as const),
)

let s: Scenario
let readers: Reader[]
beforeAll(async () => {
  s = await startScenario()
  const url = await listening(s.service)
  readers = await Promise.all(people.map(async (who) => openReader(url, await s.service.tokenOf(who))))
})
afterAll(async () => {
  await Promise.all(readers.map((reader) => reader.cut()))
  await s.service.close()
})

const seen = (no: string): Promise<boolean[]> =>
  Promise.all(people.map(async (who) => (await s.get(`tickets/${no}`, who)).status === 200))
const moveTo = (no: string, unit: string) =>
  s.does(no, 'redispatch', { reason: '理由', misrouted: false, ...units[unit] }, csr)

/** What each reader is told of a ticket behind a position. */
type Move = { no: string; after: number; expected: string[][] }
const moves: Move[] = []
const toldOf = ({ told }: Reader, { no, after }: Move): string[] =>
  told.filter(({ id, data }) => data.ticketNo === no && Number(id) > after).map(({ type }) => type)

it.each(pairs)(
  'from %s to %s: who loses the ticket is told so, who has it now is told of it',
  async (from, to) => {
    const no = await s.register()
    if (from !== 'D001') await moveTo(no, from)
    const before = await seen(no)
    const after = Number(await s.head())
    // a reader is told by the scope of the moment at which it is written to
    await until(() => Number(readers.at(-1)?.told.at(-1)?.id) >= after, 'what was before the move')
    await moveTo(no, to)
    const now = await seen(no)
    const expected = people.map((_, index) =>
      now[index] ? ['ticket.dispatched'] : before[index] ? ['ticket.removed'] : [],
    )
    const move = { no, after, expected }
    moves.push(move)
    for (const [index, reader] of readers.entries()) {
      const count = expected[index]?.length ?? 0
      await until(() => toldOf(reader, move).length >= count, `the move, for ${people[index]?.sub ?? index}`)
    }
  },
)

it('nobody was told of a move twice or without a reason, and a removal says the number only', () => {
  expect(moves).toHaveLength(pairs.length)
  for (const move of moves) expect(readers.map((reader) => toldOf(reader, move))).toEqual(move.expected)
  const removals = readers.flatMap(({ told }) => told.filter(({ type }) => type === 'ticket.removed'))
  expect(removals.length).toBeGreaterThan(pairs.length)
  for (const { data } of removals)
    expect(Object.keys(data).sort()).toEqual(['at', 'position', 'ticket', 'ticketNo', 'type', 'version'])
  expect(removals.every(({ data }) => data.ticket === null && data.version === null)).toBe(true)
})
