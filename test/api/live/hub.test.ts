/** How the hub writes a window to many readers: some at a time, commands first, and who comes or goes in between. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals'
import type { Member } from '../../../api/live/classes.ts'
import { createHub, type Hub } from '../../../api/live/hub.ts'
import { rightsOf } from '../../../api/live/items.ts'
import { type EventStore, type Position, StoreUnavailable } from '../../../domain/eventStore.ts'
import { csr, type Scenario, startScenario } from '../../support/scenario.ts'
import { until } from './readers.ts'

let s: Scenario
let hub: Hub
/** Called in each turn of the event loop in which some of the readers are written to and others are not yet. */
let inBetween: () => void
beforeAll(async () => {
  s = await startScenario()
})
afterAll(() => s.service.close())
beforeEach(() => {
  inBetween = () => undefined
  // by a clock that stands still, only the number of readers ends a slice
  hub = createHub(s.service.deps, () => 0)
})
afterEach(() => hub.close())

let customers = 0
/** A ticket of a customer whom nobody knows: it changes no other ticket, so all of it is one append. */
const register = (): Promise<string> => {
  customers += 1
  return s.register({ customer: { phone: `1370000${String(customers).padStart(4, '0')}` } })
}

type SentChunk = { text: string; upTo: Position }
const memberOf = (topics: 'tickets' | 'warnings' = 'tickets') => {
  const taken: SentChunk[] = []
  const member: Member = {
    audience: { rights: rightsOf({ id: 'somebody', roles: ['sa'] }), topics: new Set([topics]) },
    take: (bytes, upTo) => void taken.push({ text: bytes.toString(), upTo }),
    tick: () => undefined,
    end: () => undefined,
  }
  return { member, taken }
}
/** Watches readers that are sent their first window, until all are or their hub is closed. */
const watch = (members: { taken: SentChunk[] }[], of: Hub): void => {
  if (hub !== of) return
  const count = members.filter(({ taken }) => taken.length > 0).length
  if (count > 0 && count < members.length) inBetween()
  if (count < members.length) setImmediate(watch, members, of).unref()
}
const joined = async (count: number, topics?: 'tickets' | 'warnings') => {
  const members = Array.from({ length: count }, () => memberOf(topics))
  for (const { member } of members) {
    await hub.enter(member)
    expect(hub.join(member)).toBe(true)
  }
  watch(members, hub)
  return members
}

it('lets everything else go after each twenty readers, and writes all the same bytes up to the same position', async () => {
  const [members, others] = [await joined(50), await joined(10, 'warnings')]
  const before = hub.head()
  const written: number[] = []
  inBetween = () => {
    written.push(members.filter(({ taken }) => taken.length > 0).length)
    // nobody is at the head yet, so nobody is told that it is
    expect(hub.head()).toBe(before)
  }
  await register()
  await until(() => hub.head() !== before, 'the window')
  expect(written).toEqual([20, 40])
  const [first] = members as [(typeof members)[0]]
  expect(first.taken).toEqual([{ text: expect.stringContaining('ticket.registered'), upTo: hub.head() }])
  for (const { taken } of members) expect(taken).toEqual(first.taken)
  for (const { taken } of others) expect(taken).toEqual([{ text: '', upTo: hub.head() }])
})

it('lets nobody join while a window is being written, and writes nothing to who has left meanwhile', async () => {
  const members = await joined(30)
  const gone = members.at(-1) as (typeof members)[0]
  const late = memberOf()
  await hub.enter(late.member)
  const before = hub.head()
  let answers: boolean[] = []
  let isOver = false
  inBetween = () => {
    answers = [hub.join(late.member)]
    hub.exit(gone.member)
    void hub.nextWindow().then(() => {
      isOver = true
    })
    inBetween = () => undefined
  }
  await register()
  await until(() => isOver, 'the end of the window')
  expect(answers).toEqual([false])
  expect([late.taken, gone.taken]).toEqual([[], []])
  // its cursor is behind by now: it reads the window from the log
  expect(hub.head()).not.toBe(before)
  expect(hub.join(late.member)).toBe(true)
  await register()
  await until(() => late.taken.length > 0, 'the next window')
  expect(late.taken[0]).toEqual(members[0]?.taken.at(-1))
})

it('writes nothing of the log it followed before to readers that came after it failed', async () => {
  const { store } = s.service.deps
  const { follow } = store
  let fail: (error: Error) => void = () => undefined
  store.follow = (from, take, onFailure) => {
    fail = onFailure as typeof fail
    return follow(from, take, onFailure)
  }
  const old = await joined(30)
  store.follow = follow
  const late = memberOf()
  let isEntered = false
  inBetween = () => {
    inBetween = () => undefined
    fail(new Error('the log cannot be followed'))
    void hub.enter(late.member).then(() => {
      isEntered = true
    })
  }
  await register()
  await until(() => isEntered, 'the new reader')
  await until(() => hub.join(late.member), 'it joins')
  const head = hub.head()
  expect(head).toBe(await s.head())
  expect(late.taken).toEqual([])
  expect(old.filter(({ taken }) => taken.length > 0)).toHaveLength(20)
  await register()
  await until(() => late.taken.length > 0, 'the next window')
  expect(late.taken[0]?.text.match(/event: /g)).toHaveLength(2)
})

it('ticks twenty readers at a time', async () => {
  const members = await joined(50)
  let ticked = 0
  for (const { member } of members)
    member.tick = () => {
      ticked += 1
    }
  const seen = new Set<number>()
  const look = (): void => {
    seen.add(ticked)
    if (ticked < members.length) setImmediate(look)
  }
  look()
  await until(() => ticked >= members.length, 'a tick of all')
  expect([...seen]).toEqual([0, 20, 40, 50])
})

it('keeps readers while the store is away, and writes them everything when it is back', async () => {
  const { deps } = s.service
  let refused = 0
  const readStream: EventStore['readStream'] = async (...asked) => {
    if (refused === 2) return deps.store.readStream(...asked)
    refused += 1
    throw new StoreUnavailable(new Error('away'))
  }
  const own = createHub({ ...deps, store: { ...deps.store, readStream } })
  const { member, taken } = memberOf()
  let ended = 0
  member.end = () => {
    ended += 1
  }
  await own.enter(member)
  own.join(member)
  const no = await register()
  // of a ticket that moves, the hub reads whose it was
  await s.does(no, 'redispatch', { dealerCode: 'D003', reason: '理由', misrouted: false }, csr)
  const text = () => taken.map((each) => each.text).join('')
  await until(() => text().match(/event: ticket.dispatched/g)?.length === 2, 'the move')
  expect([refused, ended]).toEqual([2, 0])
  await own.close()
})
