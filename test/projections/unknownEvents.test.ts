import { afterEach, expect, test } from '@jest/globals'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { allProjections } from '../../projections/allProjections.ts'
import { chainView } from '../../src/logChain/chainView.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { comparePositions, newFile, open, removeFiles } from './support.ts'

afterEach(removeFiles)

const { events } = randomHistory({ seed: 3, acts: 60, sealing: fakeSealing().sealing })
const last = events.at(-1) as StoredEvent
const unknown: StoredEvent = {
  ...last,
  type: 'TicketReheated',
  version: last.version + 1,
  position: String(Number(last.position) + 1),
}
const sentence = `Event ${unknown.version} of ${unknown.stream} has the type TicketReheated, which this version of the service does not know: a newer version of the service wrote it. Start that version again.`

test.each([1, 7, 500])('an event of an unknown type stops every view before it, in batches of %i', (size) => {
  const views = open(newFile())
  const log = [...events, unknown]
  for (let at = 0; at < log.length; at += size) views.apply(log.slice(at, at + size))
  for (const status of views.status()) expect(status).toMatchObject({ state: 'stopped', error: sentence })
})

test('rows that were written before the event stay, and the newer version goes on from there', () => {
  const file = newFile()
  const views = open(file)
  views.apply(events)
  views.apply([unknown])
  views.close()
  const again = open(file)
  expect(again.checkpoint()).toBe(last.position)
  again.apply([unknown])
  expect(new Set(again.status().map(({ state }) => state))).toEqual(new Set(['stopped']))
})

test('a view that a newer version has brought past the event is not stopped by it', () => {
  const views = open(newFile())
  views.apply(events, unknown.position)
  views.apply([unknown])
  expect(new Set(views.status().map(({ state }) => state))).toEqual(new Set(['ready']))
})

test('the digests of the log are made of the events as they are stored, of whatever type', () => {
  const projections = { ...allProjections, chain: chainView(comparePositions) }
  const digestOf = (log: StoredEvent[]) => {
    const views = open(newFile(), { projections })
    views.apply(log)
    return {
      digest: views.chain?.upTo(null),
      state: views.status().find(({ name }) => name === 'chain')?.state,
    }
  }
  const older = events.map((event) =>
    event.type === 'TicketDispatched'
      ? { ...event, data: { ...(event.data as object), clocks: { provisional: true, closeDueAt: null } } }
      : event,
  )
  expect(digestOf(older)).not.toEqual(digestOf(events))
  expect(digestOf([...events, unknown])).toMatchObject({ state: 'ready' })
  expect(digestOf([...events, unknown]).digest).toMatchObject({ events: events.length + 1 })
})
