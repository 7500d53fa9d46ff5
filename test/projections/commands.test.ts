import { afterEach, describe, expect, test } from '@jest/globals'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { removeFiles, viewsOf } from './support.ts'

afterEach(removeFiles)

const { events } = randomHistory({ seed: 21, acts: 1_200, sealing: fakeSealing().sealing })

describe('a call with an idempotency key', () => {
  test('is found by its command with the place of what it did, stream by stream', () => {
    const { views } = viewsOf(events, { size: 3 })
    for (const [commandId, made] of Map.groupBy(events, ({ metadata }) => metadata.commandId)) {
      const keyed = made.filter(({ metadata }) => metadata.requestDigest !== undefined)
      const wanted = [...Map.groupBy(keyed, ({ stream }) => stream)].map(([stream, ofStream]) => ({
        stream,
        fromVersion: ofStream[0]?.version,
        toVersion: ofStream.at(-1)?.version,
        position: ofStream.at(-1)?.position,
        digest: ofStream[0]?.metadata.requestDigest,
      }))
      expect(views.commands.find(commandId)).toEqual(wanted)
    }
    expect(views.commands.find('nobody')).toEqual([])
    views.close()
  })

  test('is found on both streams of an act on two tickets, in the order of the log', () => {
    const [first, second] = [events[20]!, events[21]!]
    const commandId = '00000000-0000-4000-8000-000000000000'
    const metadata = { ...first.metadata, commandId, requestDigest: 'd' }
    const { views } = viewsOf([
      { ...first, stream: 'ticket-B', position: '1', metadata },
      { ...second, stream: 'ticket-A', position: '2', metadata },
    ])
    expect(views.commands.find(commandId).map(({ stream }) => stream)).toEqual(['ticket-B', 'ticket-A'])
    views.close()
  })
})

describe('the first half of an act on two tickets', () => {
  test('stands open until an event names it as its cause', () => {
    const caused = new Set(events.map(({ metadata }) => metadata.causationId))
    const asking = (type: string, data: unknown): boolean => {
      const { echo, registersRepeat } = data as { echo?: boolean; registersRepeat?: boolean }
      if (type === 'RepeatUnlinked' || type === 'CeasedToBeRepeat') return echo === false
      if (registersRepeat === true) return true
      return ['RepeatLinked', 'MarkedDuplicate', 'DuplicateUndone'].includes(type)
    }
    const wanted = events
      .filter(({ type, data, id }) => asking(type, data) && !caused.has(id))
      .map(({ stream, version, id }) => ({ stream, version, eventId: id }))
    const { views } = viewsOf(events, { size: 2 })
    expect(wanted.length).toBeGreaterThan(0)
    const byId = (a: { eventId: string }, b: { eventId: string }) => (a.eventId < b.eventId ? -1 : 1)
    expect(views.followUps.open().sort(byId)).toEqual(wanted.sort(byId))
    expect(views.followUps.isOpen(wanted[0]?.eventId as string)).toBe(true)
    expect([...caused].some((id) => views.followUps.isOpen(id as string))).toBe(false)
    views.close()
  })

  test('stood open for as long as its second half had not come', () => {
    const cause = events.find(({ id }) => events.some(({ metadata }) => metadata.causationId === id))!
    const { views } = viewsOf(events.slice(0, Number(cause.position)))
    expect(views.followUps.open().map(({ eventId }) => eventId)).toContain(cause.id)
    views.close()
  })
})
