/** What readers behind the head are sent: read once for all at one position, in turns with rests, and nobody forgotten. */
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { createCatchUp, type Part } from '../../../api/live/catchUp.ts'
import { rightsOf } from '../../../api/live/items.ts'
import type { Audience } from '../../../api/live/messages.ts'
import { type EventStore, type Position, StoreUnavailable } from '../../../domain/eventStore.ts'
import { type Scenario, startScenario } from '../../support/scenario.ts'
import { blocksOf } from './readers.ts'

const tickets = 60
let s: Scenario
let start: Position
let end: Position
/** The positions after which the log was read. */
let reads: (Position | null)[]
let isAway: boolean
let ask: ReturnType<typeof createCatchUp>
/** What the clock of the parts says; each look at it costs `stepMs`. */
let stepMs: number
beforeAll(async () => {
  s = await startScenario()
  start = (await s.head()) as Position
  for (let n = 0; n < tickets; n++)
    await s.register({ customer: { phone: `1360000${String(n).padStart(4, '0')}` } })
  end = (await s.head()) as Position
})
afterAll(() => s.service.close())
beforeEach(() => {
  reads = []
  isAway = false
  stepMs = 0
  let time = 0
  const { deps } = s.service
  const readAll: EventStore['readAll'] = async (after, limit) => {
    if (isAway) throw new StoreUnavailable(new Error('away'))
    reads.push(after)
    return deps.store.readAll(after, limit)
  }
  ask = createCatchUp(
    { ...deps, store: { ...deps.store, readAll } },
    {
      head: () => end,
      untilViewsHave: async () => undefined,
      elapsed: () => {
        time += stepMs
        return time
      },
    },
  )
})

const catchUp = (audience: Audience, after: Position) => ask(audience, after, () => false)

const audienceOf = (actor: Parameters<typeof rightsOf>[0]): Audience => ({
  rights: rightsOf(actor),
  topics: new Set(['tickets']),
})
const desk = audienceOf({ id: 'desk', roles: ['sa'] })
const dealer = audienceOf({ id: 'dealer', roles: ['dealer'], dealer: 'D001' })
const otherDealer = audienceOf({ id: 'other', roles: ['dealer'], dealer: 'D002' })

/** A reader that goes on to the end, and where it was when it was sent something. */
const read = async (audience: Audience, from: Position, onPart: (part: Part) => void = () => undefined) => {
  let text = ''
  for (let at = from; at !== end; ) {
    const part = await catchUp(audience, at)
    text += part.bytes
    at = part.upTo
    onPart(part)
  }
  return blocksOf(text).told.map(({ id, type }) => `${id} ${type}`)
}

it('is read once for all who are at one position, and each gets what its rights allow', async () => {
  const [first, second, third, fourth] = await Promise.all([
    read(desk, start),
    read(desk, start),
    read(dealer, start),
    read(otherDealer, start),
  ])
  expect(first.filter((each) => each.endsWith('ticket.registered'))).toHaveLength(tickets)
  expect(second).toEqual(first)
  expect(third).toEqual(first)
  expect(fourth).toEqual([])
  // 120 events, of 200 that are read at a time
  expect(reads).toEqual([start])
})

it('brings readers together that came at different times', async () => {
  const order: string[] = []
  let late: Promise<string[]> | undefined
  const early = read(desk, start, ({ upTo }) => {
    order.push(`early ${upTo}`)
    if (order.length === 3) late = read(desk, start, (part) => order.push(`late ${part.upTo}`))
  })
  const [told, toldLate] = [await early, await (late as Promise<string[]> | undefined)]
  expect(toldLate).toEqual(told)
  // after the late one was alone for the three turns it was behind, each turn was for both
  const both = order.slice(6)
  const upTo = (side: string) =>
    both.filter((each) => each.startsWith(side)).map((each) => each.split(' ')[1])
  expect(upTo('late')).toEqual(upTo('early'))
  expect(order.slice(3, 6).every((each) => each.startsWith('late'))).toBe(true)
})

it('makes the messages once for readers that begin at positions of their own, and each gets all of its own once', async () => {
  const events = await s.service.deps.store.readAll(start, 200)
  const whole = await read(desk, start)
  /** Where each of them was after each of its parts. */
  const ways: Position[][] = []
  const readers = [-1, 6, 22, 57].map((index) => {
    const way: Position[] = []
    ways.push(way)
    return read(desk, events[index]?.position ?? start, ({ upTo }) => way.push(upTo))
  })
  const [first, ...others] = await Promise.all(readers)
  expect(first).toEqual(whole)
  expect(others).toEqual([7, 23, 58].map((index) => whole.slice(index)))
  const last = ways.map((way) => way.slice(-3))
  expect(last).toEqual(last.map(() => last[0]))
  // 41 turns where each of them goes its own way
  expect(new Set(ways.flat()).size).toBeLessThan(21)
})

it('brings readers together also where nobody is told of what lies between them', async () => {
  const events = await s.service.deps.store.readAll(start, 200)
  const at = events[7]?.position as Position
  const [told, upTo] = await Promise.all([
    catchUp(otherDealer, start).then(({ bytes }) => bytes.length),
    catchUp(otherDealer, start).then((part) => part.upTo),
    catchUp(otherDealer, at),
  ])
  expect([told, upTo]).toEqual([0, at])
})

it('gives every fourth turn to whoever has waited longest, wherever it is', async () => {
  const order: string[] = []
  const { position } = (await s.service.deps.store.readAll(start, 110)).at(-1) as { position: Position }
  const far = read(desk, start, () => order.push('far'))
  const near = read(dealer, position, () => order.push('near'))
  await Promise.all([far, near])
  expect(order.indexOf('near')).toBe(3)
})

it('rests after a turn twice as long as it took', async () => {
  stepMs = 5
  const began = performance.now()
  let firstAt = 0
  await read(desk, start, () => {
    firstAt ||= performance.now()
  })
  // twelve turns, each of some looks at the clock
  expect(performance.now() - firstAt).toBeGreaterThanOrEqual(11 * 2 * stepMs)
  expect(firstAt).toBeGreaterThan(began)
})

it('tells all who wait that the store is away, and goes on when they ask again', async () => {
  isAway = true
  const asked = await Promise.allSettled([catchUp(desk, start), catchUp(dealer, start)])
  for (const each of asked)
    expect(each).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) })
  isAway = false
  expect((await catchUp(desk, start)).bytes.toString()).toContain('event: ticket.registered')
})

it('has no turn for a reader that has ended: the others are served as if it had never come', async () => {
  let isOver = false
  const ended = ask(dealer, start, () => isOver)
  const { position } = (await s.service.deps.store.readAll(start, 100)).at(-1) as { position: Position }
  const other = read(desk, position)
  isOver = true
  const [part, told] = await Promise.all([ended, other])
  expect(part).toEqual({ bytes: Buffer.alloc(0), upTo: start })
  expect(told).toHaveLength(20)
  expect(reads).toEqual([position])
})
